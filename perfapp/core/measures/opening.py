"""How next year's part on measures opens: last year's list with its state, as a sentence and a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from perfapp.core.annexes.cells import cell, table
from perfapp.core.document import Block, Document, Paragraph, Table, Text, parse

_HEADS = ("序号", "措施", "责任科室", "完成时限", "落实情况")
_LEAD = "以前年度提出的改进措施落实情况如下"


@dataclass(frozen=True, slots=True)
class Carried:
    """A measure as the table shows it; `is_done` counts it as settled."""

    text: str
    office: str
    due: str
    state: str
    is_done: bool


def with_opening(document: Document, carried: Sequence[Carried]) -> Document:
    """The document behind the list as it is now; an opening that stands there already is renewed."""
    return parse(Document(content=(*_opening(carried), *_rest(document))).model_dump(mode="json"))


def sentence(carried: Sequence[Carried]) -> str:
    done = sum(one.is_done for one in carried)
    return (
        f"{_LEAD}：共{len(carried)}条，已完成{done}条，其余{len(carried) - done}条继续办理。"
        if done < len(carried)
        else (f"{_LEAD}：共{len(carried)}条，已全部完成。")
    )


def _opening(carried: Sequence[Carried]) -> tuple[Block, Block]:
    head = [cell(text, head=True) for text in _HEADS]
    rows = [
        [
            cell(str(number), align="center"),
            cell(one.text, align="left"),
            cell(one.office, align="center"),
            cell(one.due, align="center"),
            cell(one.state, align="center"),
        ]
        for number, one in enumerate(carried, start=1)
    ]
    return Paragraph(content=(Text(text=sentence(carried)),)), table([head, *rows])


def _rest(document: Document) -> tuple[Block, ...]:
    """What stands behind an opening of ours; all of it where there is none. Empty first paragraphs give way."""
    blocks = document.content
    if len(blocks) >= 2 and _plain(blocks[0]).startswith(_LEAD) and isinstance(blocks[1], Table):
        return blocks[2:]
    return blocks if blocks and (not isinstance(blocks[0], Paragraph) or _plain(blocks[0])) else blocks[1:]


def _plain(block: Block) -> str:
    if not isinstance(block, Paragraph):
        return ""
    return "".join(one.text if isinstance(one, Text) else "…" for one in block.content).strip()
