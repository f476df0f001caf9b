"""The paper lane: what is printed on each page so that its scan is known again, and whether all pages came back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_MARK = re.compile(r"PP1-(\d{1,18})-([0-9A-F]{20})-(\d{1,4})-(\d{1,4})-([AB])")
CODE_LENGTH = 20  # hexadecimal digits of the printed file's SHA-256: 80 bits


class ScanState(StrEnum):
    READING = "reading"
    REFUSED = "refused"  # pages are missing, double, foreign or not legible
    READY = "ready"  # complete; somebody else must look and confirm
    RETURNED = "returned"  # that person did not accept it
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class PageMark:
    """What the two QR codes of a page say: which file of which report, which page of how many, and which corner."""

    report_id: int
    code: str
    page: int
    count: int
    corner: str = "A"

    def text(self) -> str:
        return f"PP1-{self.report_id}-{self.code}-{self.page}-{self.count}-{self.corner}"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page of one uploaded file, with the mark that was read from it, if any."""

    filename: str
    number: int
    mark: PageMark | None

    @property
    def place(self) -> str:
        return f"“{self.filename}”第 {self.number} 页"


def version_code(pdf_sha256: str) -> str:
    return pdf_sha256[:CODE_LENGTH].upper()


def read_mark(text: str) -> PageMark | None:
    """The mark in a QR code's text; None for any other code."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    return PageMark(int(found[1]), found[2], int(found[3]), int(found[4]), found[5])


def problems(pages: Sequence[ScannedPage], report_id: int, code: str, count: int) -> list[str]:
    """Why these are not the pages of this printed file, each exactly once; nothing to say when they are."""
    foreign = [_foreign(page, page.mark, report_id, code) for page in pages if page.mark]
    found = [sentence for sentence in foreign if sentence]
    if found:
        return found
    found = [
        f"{page.place}没有读到页码二维码，请把这一页放平、拍全后重新扫描（空白页请去掉）。"
        for page in pages
        if not page.mark
    ]
    by_number: dict[int, list[ScannedPage]] = {}
    for page in pages:
        if page.mark:
            by_number.setdefault(page.mark.page, []).append(page)
    for number, same in sorted(by_number.items()):
        if len(same) > 1:
            found.append(f"报告第 {number} 页有 {len(same)} 份：{'、'.join(page.place for page in same)}，请只留一份。")
    missing = [number for number in range(1, count + 1) if number not in by_number]
    if missing:
        found.append(f"缺报告第 {spoken_pages(missing)} 页，共应有 {count} 页，请补扫后整份重新上传。")
    return found


def spoken_pages(numbers: Iterable[int]) -> str:
    """1 至 3、7: runs of three and more as a range."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spoken = [f"{run[0]} 至 {run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs]
    return "、".join(spoken)


def _foreign(page: ScannedPage, mark: PageMark, report_id: int, code: str) -> str:
    if mark.report_id != report_id:
        return f"{page.place}是另一份报告的，没有接收。请核对是否拿错了纸。"
    if mark.code != code:
        return f"{page.place}是这份报告另一个版本打印的，内容可能不同，没有接收。请重新打印现在的版本签批。"
    return ""
