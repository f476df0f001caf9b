"""A chain over the events of a report: each link is the digest of the one before and of the event itself.

Whoever has the head on paper can tell later whether anything before it was changed, left out or put in.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The last link: how many events it covers, which is the last, and the digest."""

    count: int
    last_id: int
    sha256: str


def link(previous: str, event: Mapping[str, Any]) -> str:
    """SHA-256 over the digest before and the event as canonical JSON (sorted keys, UTF-8, no spaces)."""
    canonical = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def head(events: Iterable[Mapping[str, Any]]) -> Head:
    """The head of the chain over the events in their order; every event has its `id`."""
    count, last_id, digest = 0, 0, START
    for event in events:
        count, last_id, digest = count + 1, int(event["id"]), link(digest, event)
    return Head(count, last_id, digest)
