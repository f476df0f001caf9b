"""What a section says, and the digest that approvals cover."""

import hashlib
import json
from dataclasses import dataclass

from perfapp.core.document import Document, dump, is_empty, pictures, plain_lines
from perfapp.core.snapshot import SnapshotSection


@dataclass(frozen=True, slots=True)
class Content:
    """A section's answer: its text, or the reason why there is none (不适用)."""

    key: str
    title: str
    document: Document
    absent_reason: str | None = None

    @property
    def sha256(self) -> str:
        """Hex SHA-256 over title, text and 不适用; numbers of headings are covered by the report's snapshot."""
        text = json.dumps(
            {
                "key": self.key,
                "title": self.title,
                "absent_reason": self.absent_reason,
                "document": None if self.absent_reason is not None else dump(self.document),
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_complete(self) -> bool:
        return self.absent_reason is not None or not is_empty(self.document)

    @property
    def character_count(self) -> int:
        """Characters as a reader counts them: white space left out, a picture counted as one."""
        return sum(len("".join(line.split())) for line in plain_lines(self.document)) + len(pictures(self.document))


def snapshot_section(content: Content, *, level: int, number: int, run_in: bool, has_text: bool) -> SnapshotSection:
    """The section as the report prints it."""
    return SnapshotSection(
        key=content.key,
        level=level,
        number=number,
        title=content.title,
        run_in=run_in and has_text and content.absent_reason is None,
        document=content.document if has_text and content.absent_reason is None else None,
        not_applicable=content.absent_reason,
    )
