"""沿用: what a section repeats of earlier years and of other offices, and what its author says about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.likeness import Earlier, Likeness, Passage, Sameness, counts, paragraphs
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.data import cycles, events, jobs, reports, reuse, sections
from perfapp.data.cycles import CycleView
from perfapp.data.reuse import Repeated, RepeatedPassage, ReuseView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction

MEASURE = "repetition"
YEARS_BACK = 5
MAX_REASON = 200
SHOWN = 60  # characters of a repeated paragraph on the page of the report
MERGED = "报告已进入合稿，不能再改沿用说明；需要修改请联系统稿人退回。"
_SAID = {
    Sameness.WHOLE: "一字未改",
    Sameness.ONLY_DIGITS_DIFFER: "仅数字不同",
    Sameness.ALIKE: "",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A repeated paragraph: what it repeats, in words, and what was said about it.

    `earlier` is None where the reader may not read the text it comes from.
    """

    likeness: Likeness
    origin: str
    earlier: str | None
    said: ReuseView | None
    is_standing: bool

    @property
    def sentence(self) -> str:
        return _said(self.likeness, self.origin)

    @property
    def is_open(self) -> bool:
        """Nobody has said yet why it stands again."""
        return self.said is None and not self.is_standing


@dataclass(frozen=True, slots=True)
class SectionReuse:
    section: SectionView
    cycle: CycleView
    lines: tuple[Line, ...]
    counted: int  # paragraphs long enough to be compared
    may_declare: bool
    bar: str  # why nothing can be said about them now, where it is the reader's own section

    @property
    def open_count(self) -> int:
        return sum(1 for line in self.lines if line.is_open)


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of a text repeats earlier ones, standing wording left out. `unmeasured`: sections not compared yet."""

    characters: int = 0
    repeated_characters: int = 0
    paragraphs: int = 0
    repeated: int = 0
    open_count: int = 0
    unmeasured: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.repeated_characters / self.characters) if self.characters else 0

    @property
    def sentence(self) -> str:
        if not self.repeated:
            return "没有与往年雷同的段落"
        said = self.repeated - self.open_count
        return f"{self.paragraphs} 段中 {self.repeated} 段与往年或其他科室雷同，{said} 段已说明"


def of_section(actor: Actor, section_id: int) -> SectionReuse:
    """The section's present text beside everything it may have been taken from."""
    section = sections.visible(actor, section_id)
    if not section.has_text:
        raise NotFound("没有找到这一节。")
    cycle = cycles.get(section.cycle_id)
    origins = _origins(section, cycle)
    texts = _texts(section)
    standing = reuse.standing_marks(section.unit_id)
    said = {one.mark: one for one in reuse.declared([section.id])}
    lines = tuple(
        Line(
            one,
            _origin(origins.views[one.earlier.source], one.earlier.number, section, origins.years),
            one.earlier.text if _may_show(actor, section, origins.views[one.earlier.source]) else None,
            said.get(one.mark),
            one.mark in standing,
        )
        for one in Earlier(origins.passages).like(texts)
    )
    own, bar = _is_own(actor, section), _bar(section)
    return SectionReuse(section, cycle, lines, sum(map(counts, texts)), own and not bar, bar if own else "")


def declare(actor: Actor, section_id: int, mark: str, *, kind: str, reason: str) -> None:
    """The author keeps a repeated paragraph, with a reason; or says that it is standing wording (职责类固定表述)."""
    reason = reason.strip()
    if kind not in (reuse.KEPT, reuse.STANDING):
        raise Invalid("请选择“今年仍然如此”或“固定表述”。", field="kind")
    if not 4 <= len(reason) <= MAX_REASON:
        raise Invalid(f"请用 4 到 {MAX_REASON} 字写明为什么沿用。", field="reason")
    with transaction():
        section, line = _line(actor, section_id, mark)
        reuse.declare(section.id, section.unit_id, mark, kind=kind, reason=reason, person_id=actor.id)
        _record(actor, section, "keep_passage", line, reason)


def take_back(actor: Actor, section_id: int, mark: str) -> None:
    """The author takes the word back: he will write the paragraph anew."""
    with transaction():
        section, line = _line(actor, section_id, mark)
        if line.said is None:
            raise Conflict("这一段没有说明过沿用，请刷新页面。")
        reuse.take_back(section.id, mark)
        _record(actor, section, "unkeep_passage", line, line.said.reason)


def rates(outline: Sequence[SectionView]) -> dict[int, Rate]:
    """How much each section repeats, by section id. Sections without text of their own are left out."""
    wanted = [section for section in outline if section.has_text and section.absent_reason is None]
    if not wanted:
        return {}
    ids = [section.id for section in wanted]
    found, standing = reuse.found(ids), reuse.standing_marks(wanted[0].unit_id)
    said = {(one.section_id, one.mark) for one in reuse.declared(ids)}
    return {
        section.id: _rate(section.id, found[section.id], standing, said)
        if section.id in found
        else Rate(unmeasured=1 if section.character_count else 0)
        for section in wanted
    }


def total(parts: Iterable[Rate]) -> Rate:
    """The rate of a whole report."""
    known = list(parts)
    names = ("characters", "repeated_characters", "paragraphs", "repeated", "open_count", "unmeasured")
    return Rate(*(sum(getattr(one, name) for one in known) for name in names))


@dataclass(frozen=True, slots=True)
class Copied:
    """A repeated paragraph for whoever has a minute and a half: what it says, what it repeats, why it stands again."""

    section: SectionView
    passage: RepeatedPassage
    reason: str | None

    @property
    def anchor(self) -> str:
        return f"p-{self.passage.mark[:12]}"


def copied(outline: Sequence[SectionView]) -> tuple[Copied, ...]:
    """The repeated paragraphs of a report that count: what nobody has explained first, then the longest."""
    views = {section.id: section for section in outline if section.has_text and section.absent_reason is None}
    if not views:
        return ()
    standing = reuse.standing_marks(next(iter(views.values())).unit_id)
    reasons = {(one.section_id, one.mark): one.reason for one in reuse.declared(views)}
    lines = [
        Copied(views[section_id], passage, reasons.get((section_id, passage.mark)))
        for section_id, found in reuse.found(views).items()
        for passage in found.passages
        if passage.mark not in standing and passage.sentence
    ]
    return tuple(sorted(lines, key=lambda one: (one.reason is not None, -one.passage.characters)))


def ask(section: SectionView) -> None:
    """Have the section's present text compared, in the open transaction."""
    if section.absent_reason is None:
        payload = {"section_id": section.id}
        jobs.ask(MEASURE, f"{section.id}:{section.content_sha256}", payload, unit_id=section.unit_id)


def measure(section_id: int) -> int:
    """Compare the section with everything earlier and keep the outcome; returns how many paragraphs it repeats."""
    section = sections.get(section_id)
    cycle = cycles.get(section.cycle_id)
    texts, origins = _texts(section), _origins(section, cycle)
    alike = Earlier(origins.passages).like(texts)
    counted = [text for text in texts if counts(text)]
    passages = tuple(
        RepeatedPassage(one.mark, len(one.text), one.number, _beginning(one.text), _sentence(one, section, origins))
        for one in alike
    )
    found = Repeated(sum(map(len, counted)), len(counted), passages)
    with transaction():
        reuse.keep(section.id, section.content_sha256, found)
    return len(alike)


# --- inside -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Origins:
    passages: list[Passage]
    views: dict[int, SectionView]
    years: dict[int, int]  # fiscal year by cycle id


def _origins(section: SectionView, cycle: CycleView) -> _Origins:
    """The unit's texts of the last years, and this year's of other offices."""
    years = {
        one.id: one.fiscal_year
        for one in cycles.of_unit(section.unit_id)
        if cycle.fiscal_year - YEARS_BACK <= one.fiscal_year < cycle.fiscal_year
    }
    views = {
        one.id: one
        for outline in sections.outlines([cycle.id, *years]).values()
        for one in outline
        if one.has_text
        and (one.cycle_id != cycle.id or one.owner_office_id != section.owner_office_id)
        and one.id != section.id
    }
    passages = [
        Passage(section_id, number, text)
        for section_id, content in sections.contents(views).items()
        if content.absent_reason is None
        for number, text in enumerate(paragraphs(content.document), start=1)
    ]
    return _Origins(passages, views, years | {cycle.id: cycle.fiscal_year})


def _texts(section: SectionView) -> list[str]:
    content = sections.content(section.id)
    return paragraphs(content.document) if content.absent_reason is None else []


def _said(likeness: Likeness, origin: str) -> str:
    how = _SAID[likeness.sameness]
    return f"与{origin} {likeness.percent}% 相同" + (f"，{how}" if how else "")


def _sentence(likeness: Likeness, section: SectionView, origins: _Origins) -> str:
    earlier = likeness.earlier
    return _said(likeness, _origin(origins.views[earlier.source], earlier.number, section, origins.years))


def _beginning(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _origin(origin: SectionView, number: int, section: SectionView, years: dict[int, int]) -> str:
    same_year = origin.cycle_id == section.cycle_id
    whose = f"{origin.owner_office_name or '其他科室'}今年" if same_year else f" {years[origin.cycle_id]} 年"
    return f"{whose}“{origin.heading}”第 {number} 段"


def _may_show(actor: Actor, section: SectionView, origin: SectionView) -> bool:
    """Last year's text of the same section is shown to its writers anyway (去年); anything else to who may read it."""
    same_place = origin.key == section.key and origin.cycle_id != section.cycle_id
    return same_place or sections.is_readable(actor, origin)


def _is_own(actor: Actor, section: SectionView) -> bool:
    return section.owner_office_id is not None and actor.may_at(Permission.WRITE, section.owner_office_id)


def _bar(section: SectionView) -> str:
    return "" if reports.current(section.cycle_id).state is ReportState.DRAFTING else MERGED


def _line(actor: Actor, section_id: int, mark: str) -> tuple[SectionView, Line]:
    """The repeated paragraph that the author speaks of; the report and the section are locked."""
    report = reports.lock_current(sections.cycle_of(section_id, actor), actor.unit_id)
    section = sections.lock(section_id, actor.unit_id)
    if not _is_own(actor, section):
        raise Forbidden("只有本节的经办人可以说明沿用。")
    if report.state is not ReportState.DRAFTING:
        raise Conflict(MERGED)
    line = next((one for one in of_section(actor, section_id).lines if one.likeness.mark == mark), None)
    if line is None:
        raise NotFound("本节现在没有这个雷同的段落，文字可能已经改过，请刷新页面。")
    return section, line


def _record(actor: Actor, section: SectionView, action: str, line: Line, reason: str) -> None:
    events.record(
        action,
        actor_id=actor.id,
        unit_id=section.unit_id,
        cycle_id=section.cycle_id,
        section_id=section.id,
        reason=reason,
        content_sha256=section.content_sha256,
        details={"passage": line.sentence},
    )


def _rate(section_id: int, found: Repeated, standing: frozenset[str], said: set[tuple[int, str]]) -> Rate:
    repeated = [(mark, length) for mark, length in found.marks if mark not in standing]
    return Rate(
        characters=found.characters,
        repeated_characters=sum(length for _, length in repeated),
        paragraphs=found.paragraphs,
        repeated=len(repeated),
        open_count=sum(1 for mark, _ in repeated if (section_id, mark) not in said),
    )
