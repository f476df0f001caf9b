"""What is still open in the texts when somebody is about to pass them on: said, never a bar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfapp.blueprints.review.acts import Act
from perfapp.core.permissions import Actor
from perfapp.core.report_flow import ReportAction
from perfapp.data.sections import SectionView
from perfapp.services import remarks, reuse
from perfapp.services.findings import CycleCheck

_PASSING_ON = (ReportAction.MERGE, ReportAction.SEND, ReportAction.ENDORSE, ReportAction.ISSUE)
_ASKED = _PASSING_ON[1:]  # after the merge nothing is written any more: the step itself asks once more
_REMEDIES: Mapping[str, str] = {
    ReportAction.MERGE: "合稿以后，经办人不能再说明。",
    ReportAction.SEND: "要补说明，须先退回那一节或取消合稿。",
}


@dataclass(frozen=True, slots=True)
class Unsettled:
    act: str  # the words of the step that it is told before
    remedy: str  # how the author can still explain what he repeats
    copied: int
    remarks: int
    inside: int  # of the remarks: for reviewers only
    questions: int  # findings of the checks that are neither mended nor explained
    asks_before: str  # the action whose button says it again; empty where the page alone does

    @property
    def warning(self) -> str:
        """The counts, for the dialog that asks before the step."""
        counts = ((self.remarks, "条批注没有处理"), (self.questions, "项问题没有说明"), (self.copied, "段雷同没有说明"))
        return f"还有 {'、'.join(f'{count} {words}' for count, words in counts if count)}。确定不等办完就{self.act}吗？"


def of_report(
    actor: Actor,
    acts: Iterable[Act | None],
    outline: Sequence[SectionView],
    copied: Iterable[reuse.Copied],
    examined: CycleCheck | None,
) -> Unsettled | None:
    """None where nothing is open, or where it is not this person who passes the report on."""
    act = next((one for one in acts if one is not None and one.action in _PASSING_ON), None)
    if act is None:
        return None
    counts = remarks.counted(actor, outline).values()
    found = Unsettled(
        act.label,
        _REMEDIES.get(act.action, "要补说明，须先退回那一节。"),
        sum(1 for one in copied if one.reason is None),
        sum(one.open for one in counts),
        sum(one.inside for one in counts),
        sum(one.is_open for one in examined.judged) if examined else 0,
        act.action if act.action in _ASKED else "",
    )
    return found if found.copied or found.remarks or found.questions else None


def before(section: SectionView, open_remarks: int) -> str:
    """The same of one section, as a sentence; empty where nothing is open."""
    rate = reuse.rates([section]).get(section.id)
    said = [f"{open_remarks} 条批注还没有处理"] if open_remarks else []
    said += [f"{rate.open_count} 段与往年雷同，没有说明"] if rate and rate.open_count else []
    return f"办理以前请留意：{'；'.join(said)}。" if said else ""
