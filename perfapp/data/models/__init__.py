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
from perfapp.data.models.figures import (
    CycleForm,
    Dispute,
    DisputeStep,
    Explanation,
    Fact,
    FactValue,
    FigureUse,
    ImportBatch,
    ImportShape,
    IndicatorEntry,
    Ledger,
    LedgerRow,
    ReportFile,
    UnitForm,
)
from perfapp.data.models.happenings import Event, Job, Look, Notice
from perfapp.data.models.people import Office, Person, Post, SignInFailure, Unit, WebSession
from perfapp.data.models.reports import Approval, Delivery, Report, Seal, SealUse
from perfapp.data.models.reuse import Repetition, Reuse

__all__ = [
    "Approval",
    "Blob",
    "Cycle",
    "CycleForm",
    "Delivery",
    "Dispute",
    "DisputeStep",
    "Event",
    "Evidence",
    "Explanation",
    "Fact",
    "FactValue",
    "FigureUse",
    "ImportBatch",
    "ImportShape",
    "IndicatorEntry",
    "Job",
    "Ledger",
    "LedgerRow",
    "Look",
    "Notice",
    "Office",
    "Person",
    "Post",
    "Repetition",
    "Report",
    "ReportFile",
    "Reuse",
    "Seal",
    "SealUse",
    "Section",
    "SectionPicture",
    "SectionVersion",
    "SignInFailure",
    "StageDate",
    "Table",
    "Unit",
    "UnitForm",
    "WebSession",
]
