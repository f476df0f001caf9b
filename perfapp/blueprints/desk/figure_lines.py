"""How figures that wait are said on the desk, and where each line leads."""

from collections.abc import Mapping

from flask import url_for

from perfapp.blueprints.standing_words import Line, spoken_term, term_tone
from perfapp.core.words import DISPUTE_STATES, Tone
from perfapp.services.desk import FigureDeed, FigureTask

# deed: what the line says, its state, the words of its button
_WORDS: Mapping[FigureDeed, tuple[str, tuple[str, Tone], str]] = {
    FigureDeed.ENTER: ("{} 个数据待填", ("未填", Tone.IDLE), "去填报"),
    FigureDeed.CONFIRM: ("{} 个数据待确认", ("待确认", Tone.WAITING), "去确认"),
    FigureDeed.ANSWER: ("{} 条体检说明待认可", ("待认可", Tone.WAITING), "去看说明"),
}


def figure_line(task: FigureTask) -> tuple[Line, str]:
    """The line and the words of its button."""
    if task.dispute is not None:
        title, button = f"“{task.dispute.fact_name}”有争议", "去办理"
        state, tone = DISPUTE_STATES[task.dispute.state]
    elif task.section is not None:
        title, button = f"{task.section.heading}：{task.count} 段与往年雷同，还没有说明", "去说明"
        state, tone = "待说明", Tone.WAITING
    elif task.checkpoint is not None:
        title, button = task.checkpoint.title, "去填报"
        state, tone = "待交", Tone.WAITING
    else:
        title, (state, tone), button = _WORDS[task.deed]
        title = title.format(task.count)
    line = Line(
        title=title,
        url=_address(task),
        state=state,
        tone=tone,
        why="",
        due=spoken_term(task.term),
        due_tone=term_tone(task.term),
        holders=(),
        role="",
        since="",
        urged="",
    )
    return line, button


def _address(task: FigureTask) -> str:
    if task.dispute is not None:
        return url_for("figures.dispute", dispute_id=task.dispute.id)
    if task.section is not None:
        return url_for("reuse.section", section_id=task.section.id)
    if task.checkpoint is not None:
        return url_for("checkpoints.office", checkpoint_id=task.checkpoint.id, office_id=task.office_id)
    if task.deed is FigureDeed.ENTER:
        return url_for("figures.index", cycle=task.cycle.id, show="to-enter")
    if task.deed is FigureDeed.ANSWER:
        return url_for("findings.checkup", cycle_id=task.cycle.id)
    return url_for("figures.waiting", cycle_id=task.cycle.id)
