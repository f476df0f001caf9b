"""公开件: exactly what the public will see of an edition, derived from the frozen report and a plan."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from perfapp.core.annexes.cells import cell, table
from perfapp.core.disclosing.masking import Mask, Masker
from perfapp.core.document import Block, Document, Paragraph, Picture, Table, Text, parse
from perfapp.core.snapshot import Annex, EntryMark, EvidenceMark, Snapshot

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
DATA, PICTURE = "data", "picture"
UNSEEN = "还没有核对图里有没有遮盖或不公开的内容"
ALTERED = "公开件（有遮盖），与盖章原件的差别：{count}处"
_PLAIN = ("evidence", "facts", "explanations", "proofs")
_KINDS = {Table: "table", Picture: "picture"}


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plan(_Value):
    """What is kept from the public, item by item with its reason; which words are covered; which doubts are answered.

    Evidence is never public unless it is named in `shown`. Covering words does not reach into pictures and files:
    while something is covered or withheld, each is public only after somebody has looked into it (`looked`).
    """

    withheld: Mapping[str, Reason] = {}
    masks: tuple[Mask, ...] = ()
    accepted: Mapping[str, Reason] = {}  # mark of a finding → why it may stand
    shown: tuple[str, ...] = ()  # keys of evidence
    looked: Mapping[str, str] = {}  # key of a picture or file → the mark of what it was looked through for

    @property
    def is_redacting(self) -> bool:
        """Something is kept back that a picture or a file could show nevertheless."""
        return bool(self.masks) or any(not key.startswith((PICTURE, DATA)) for key in self.withheld)

    def mark(self, key: str) -> str:
        """Names what this item has to be looked through for: whoever covers more has to look again."""
        words = sorted(mask.words for mask in self.masks)
        kept = sorted(key for key in self.withheld if not key.startswith((PICTURE, DATA)))
        return hashlib.sha256(json.dumps([key, words, kept]).encode()).hexdigest()[:16]

    def has_looked(self, key: str) -> bool:
        return not self.is_redacting or self.looked.get(key) == self.mark(key)


class Withheld(_Value):
    title: str
    reason: str


class Redaction(_Value):
    place: str
    count: int
    reason: str
    basis: str


class PublicFile(_Value):
    """An evidence file that has been opened to the public."""

    title: str
    filename: str
    sha256: str
    size: int


class PublicEdition(_Value):
    """The public's report. `snapshot` is the covered one; `sealed_sha256` names the original that stays untouched."""

    index_number: str
    unit_code: str
    unit_name: str
    fiscal_year: int
    edition: int
    title: str
    sealed_sha256: str
    snapshot: Snapshot
    withheld: tuple[Withheld, ...]
    redactions: tuple[Redaction, ...]
    files: tuple[PublicFile, ...]
    has_data: bool

    @property
    def difference_count(self) -> int:
        """How many places differ from the sealed original."""
        return sum(one.count for one in self.redactions) + len(self.withheld)

    @property
    def is_altered(self) -> bool:
        """Something of the printed report is not as it was sealed, so the sealed PDF itself stays inside."""
        return bool(self.redactions) or bool(self.withheld)

    def to_json(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json"), "snapshot": self.snapshot.to_json()}

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the canonical JSON: what the gates are bound to."""
        text = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PublicItem:
    """A part of the report that can be published or withheld by itself."""

    key: str
    title: str
    kind: str  # annex, table, picture, data, evidence
    sha256: str = ""  # of a picture or a file

    @property
    def is_evidence(self) -> bool:
        return self.kind == "evidence"

    @property
    def is_picture(self) -> bool:
        return self.kind == PICTURE

    @property
    def is_opaque(self) -> bool:
        """Covering words does not reach into it."""
        return self.is_picture or self.is_evidence


def items(snapshot: Snapshot) -> tuple[PublicItem, ...]:
    """Everything that can be chosen; the report's text itself is always part of it."""
    found = [
        PublicItem(f"annex-{n}", f"{a.mark} {a.title}".strip(), "annex") for n, a in enumerate(snapshot.annexes, 1)
    ]
    found += [PublicItem(part.item, part.title, part.kind, part.sha256) for part in _parts(snapshot)]
    if snapshot.entries:
        found.append(PublicItem(DATA, "数据（CSV、JSON）", "data"))
    found += [
        PublicItem(f"evidence-{mark.sha256[:16]}", f"{mark.filename}（{mark.section}）", "evidence", mark.sha256)
        for mark in _evidence(snapshot)
    ]
    return tuple(found)


def unseen(chosen: Iterable[PublicItem], plan: Plan) -> tuple[PublicItem, ...]:
    """The pictures and opened files that nobody has looked through for what is covered now."""
    return tuple(
        item
        for item in chosen
        if item.is_opaque
        and (item.key in plan.shown if item.is_evidence else item.key not in plan.withheld)
        and not plan.has_looked(item.key)
    )


def edition_of(
    snapshot: Snapshot, plan: Plan, *, index_number: str, unit_code: str, sealed_sha256: str
) -> PublicEdition:
    """The public edition of the frozen report under this plan; the frozen report itself is not touched."""
    masker = Masker(plan.masks)
    chosen = items(snapshot)
    names = {item.key: masker.quiet(item.title) for item in chosen}
    kept_back = _kept_back(chosen, plan)
    hidden = {item.sha256 for item in chosen if item.is_picture and item.key in kept_back}
    left = _without(snapshot, kept_back)
    covered = masker.snapshot(left.model_copy(update=dict.fromkeys(_PLAIN, ())))
    redactions = _redactions(masker)
    withheld = tuple(Withheld(title=names[key], reason=reason) for key, reason in kept_back.items() if key != DATA)
    has_data = bool(covered.entries) and DATA not in kept_back
    altered = _note(covered, redactions, withheld) if redactions or withheld else covered
    return PublicEdition(
        index_number=index_number,
        unit_code=unit_code,
        unit_name=snapshot.unit_name,
        fiscal_year=snapshot.fiscal_year,
        edition=snapshot.edition,
        title=snapshot.title,
        sealed_sha256=sealed_sha256,
        snapshot=altered if has_data else altered.model_copy(update={"entries": ()}),
        withheld=withheld,
        redactions=redactions,
        files=tuple(_files(snapshot, plan, masker, without=hidden)),
        has_data=has_data,
    )


def _kept_back(chosen: tuple[PublicItem, ...], plan: Plan) -> dict[str, str]:
    """What does not go out, with the reason: as planned, or unseen; a picture that stands there twice goes as one."""
    kept = {item.key: plan.withheld[item.key] for item in chosen if item.key in plan.withheld}
    kept |= {item.key: UNSEEN for item in unseen(chosen, plan) if item.is_picture}
    reasons = {item.sha256: kept[item.key] for item in chosen if item.is_picture and item.key in kept}
    return kept | {item.key: reasons[item.sha256] for item in chosen if item.is_picture and item.sha256 in reasons}


def data_rows(edition: PublicEdition) -> list[EntryMark]:
    return list(edition.snapshot.entries) if edition.has_data else []


def _evidence(snapshot: Snapshot) -> list[EvidenceMark]:
    return list({mark.sha256: mark for mark in snapshot.evidence}.values())


def _files(snapshot: Snapshot, plan: Plan, masker: Masker, *, without: set[str]) -> Iterator[PublicFile]:
    for mark in _evidence(snapshot):
        key = f"evidence-{mark.sha256[:16]}"
        if key in plan.shown and plan.has_looked(key) and mark.sha256 not in without:
            title, filename = masker.quiet(mark.section), masker.quiet(mark.filename)
            yield PublicFile(title=title, filename=filename, sha256=mark.sha256, size=mark.size)


@dataclass(frozen=True, slots=True)
class _Part:
    """A table or picture of the text, and its place: the section's key, the block's number in it."""

    item: str
    title: str
    kind: str
    section: str
    place: int
    sha256: str


def _parts(snapshot: Snapshot) -> Iterator[_Part]:
    counts: Counter[str] = Counter()
    for section in snapshot.sections:
        for place, block in enumerate(section.document.content if section.document else ()):
            kind = _KINDS.get(type(block))
            if kind is None:
                continue
            counts[kind] += 1
            is_picture = isinstance(block, Picture)
            name = block.attrs.caption if isinstance(block, Picture) and block.attrs.caption else section.title
            title = f"{'图' if is_picture else '表'}{counts[kind]}：{name}"
            digest = block.attrs.sha256 if isinstance(block, Picture) else ""
            yield _Part(f"{kind}-{counts[kind]}", title, kind, section.key, place, digest)


def _without(snapshot: Snapshot, withheld: Mapping[str, str]) -> Snapshot:
    """Withheld annexes are gone with their data; a withheld table or picture says why it is not there."""
    gone = {
        (part.section, part.place): (part.title, withheld[part.item])
        for part in _parts(snapshot)
        if part.item in withheld
    }
    sections = tuple(
        section.model_copy(update={"document": _parted(section.document, section.key, gone)})
        if section.document is not None
        else section
        for section in snapshot.sections
    )
    numbered = list(enumerate(snapshot.annexes, start=1))
    hidden = {annex.title for number, annex in numbered if f"annex-{number}" in withheld}
    return snapshot.model_copy(
        update={
            "sections": sections,
            "annexes": tuple(annex for number, annex in numbered if f"annex-{number}" not in withheld),
            "entries": tuple(entry for entry in snapshot.entries if entry.table not in hidden),
        }
    )


def _parted(document: Document, key: str, gone: Mapping[tuple[str, int], tuple[str, str]]) -> Document:
    def kept(place: int, block: Block) -> Block:
        found = gone.get((key, place))
        return block if found is None else Paragraph(content=(Text(text=f"（{found[0]}，不予公开：{found[1]}）"),))

    return Document(content=tuple(kept(place, block) for place, block in enumerate(document.content)))


def _redactions(masker: Masker) -> tuple[Redaction, ...]:
    counts = Counter((one.place, one.mask.reason, one.mask.basis) for one in masker.covered)
    return tuple(
        Redaction(place=place, count=count, reason=reason, basis=basis)
        for (place, reason, basis), count in counts.items()
    )


def _note(snapshot: Snapshot, redactions: tuple[Redaction, ...], withheld: tuple[Withheld, ...]) -> Snapshot:
    """On the first page that it is not the sealed original, and at the end where it differs and why."""
    count = sum(one.count for one in redactions) + len(withheld)
    rows = [(one.place, f"遮盖{one.count}处", one.reason, one.basis) for one in redactions]
    rows += [(one.title, "整项不公开", one.reason, "—") for one in withheld]
    head = [cell(text, head=True) for text in ("位置", "差别", "理由", "依据")]
    grid = table([head, *([cell(text, align="left") for text in row] for row in rows)])
    note = Annex(
        mark="",
        title="公开件说明",
        document=parse(Document(content=(grid,)).model_dump(mode="json")),
        notes=("本件由盖章的原件生成，原件保存在编报单位，没有改动；■ 表示遮盖的字，每个 ■ 一个字。",),
    )
    return snapshot.model_copy(
        update={"attachment_mark": ALTERED.format(count=count), "annexes": (*snapshot.annexes, note)}
    )
