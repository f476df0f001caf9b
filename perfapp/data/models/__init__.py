"""Every table; importing this package is knowing the whole schema."""

from perfapp.data.models.cycles import (
    Blob,
    Cycle,
    Evidence,
    Section,
    SectionPicture,
    SectionVersion,
    StageDate,
)
from perfapp.data.models.declarative import Table
from perfapp.data.models.happenings import Event, Job, Look, Notice
from perfapp.data.models.people import Office, Person, Post, SignInFailure, Unit, WebSession
from perfapp.data.models.reports import Approval, Delivery, Report, Seal, SealUse

__all__ = [
    "Approval",
    "Blob",
    "Cycle",
    "Delivery",
    "Event",
    "Evidence",
    "Job",
    "Look",
    "Notice",
    "Office",
    "Person",
    "Post",
    "Report",
    "Seal",
    "SealUse",
    "Section",
    "SectionPicture",
    "SectionVersion",
    "SignInFailure",
    "StageDate",
    "Table",
    "Unit",
    "WebSession",
]
