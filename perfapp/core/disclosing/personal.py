"""What looks like personal data in a text: numbers that name a person, and lists of names. Findings, not verdicts."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from perfapp.core.document import Document, Table, cell_text, plain_lines
from perfapp.core.snapshot import Snapshot

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_AREAS = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
_ID = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
_OLD_ID = re.compile(r"(?<!\d)\d{15}(?!\d)")
_MOBILE = re.compile(r"(?<![\d.,])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.,])")
_LANDLINE = re.compile(r"(?<![\d.,])0\d{2,3}[ -]\d{7,8}(?!\d)|(?<!\d)（0\d{2,3}）\d{7,8}(?!\d)")
_ACCOUNT = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){14,18}(?![\d.,])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NAME_HEAD = re.compile(r"^(?:姓\s*名|名\s*单|人员|联系人|受益人|补助对象|领取人)$")
_NAME = re.compile(r"^[\u4e00-\u9fff]{1}\s?[\u4e00-\u9fff]{1,2}(?:·[\u4e00-\u9fff]{1,6})?$")
_NAMES_LISTED = re.compile(r"(?:名单|人员)[：:]\s*((?:[\u4e00-\u9fff]{2,4}[、，,]){2,}[\u4e00-\u9fff]{2,4})")


@dataclass(frozen=True, slots=True)
class PersonalFinding:
    """`words` are the characters to mask; `mark` names the finding as long as it stands where it stood."""

    kind: str
    place: str
    words: str

    @property
    def mark(self) -> str:
        return hashlib.sha256(f"{self.kind}\n{self.place}\n{self.words}".encode()).hexdigest()[:16]


def findings(snapshot: Snapshot) -> tuple[PersonalFinding, ...]:
    """Every place of the text and the annexes that looks like personal data, in printed order, each once."""
    found = (finding for place, document in _documents(snapshot) for finding in _of(place, document))
    return tuple(dict.fromkeys(found))


def is_identity_number(text: str) -> bool:
    """18 characters with a province, a day and the check character of GB 11643-1999."""
    if not _ID.fullmatch(text) or text[:2] not in _AREAS:
        return False
    if not (1 <= int(text[10:12]) <= 12 and 1 <= int(text[12:14]) <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == text[17].upper()


def is_account_number(text: str) -> bool:
    """15 to 19 digits that satisfy the check digit of ISO/IEC 7812 (Luhn), as bank cards do."""
    digits = [int(ch) for ch in text if ch.isdigit()]
    if not 15 <= len(digits) <= 19 or len(set(digits)) < 3:
        return False
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_old_identity_number(text: str) -> bool:
    return text[:2] in _AREAS and 1 <= int(text[8:10]) <= 12 and 1 <= int(text[10:12]) <= 31


_NUMBERS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("身份证号", _ID, is_identity_number),
    ("身份证号", _OLD_ID, _is_old_identity_number),
    ("手机号", _MOBILE, lambda _: True),
    ("电话", _LANDLINE, lambda _: True),
    ("银行账号", _ACCOUNT, is_account_number),
    ("电子邮箱", _EMAIL, lambda _: True),
)


def _documents(snapshot: Snapshot) -> Iterator[tuple[str, Document]]:
    for section in snapshot.sections:
        if section.document is not None and section.not_applicable is None:
            yield section.label + section.title, section.document
    for annex in snapshot.annexes:
        yield annex.title, annex.document


def _of(place: str, document: Document) -> Iterator[PersonalFinding]:
    for line in plain_lines(document):
        for text in line.split("\t"):
            yield from _in_text(place, text)
    for block in document.content:
        if isinstance(block, Table):
            yield from _names_of(place, block)


def _in_text(place: str, text: str) -> Iterator[PersonalFinding]:
    taken: list[range] = []
    for kind, pattern, holds in _NUMBERS:
        for match in pattern.finditer(text):
            if holds(match[0]) and not any(match.start() in one or one.start in range(*match.span()) for one in taken):
                taken.append(range(*match.span()))
                yield PersonalFinding(kind, place, match[0])
    for match in _NAMES_LISTED.finditer(text):
        yield PersonalFinding("名单", place, match[1])


def _names_of(place: str, table: Table) -> Iterable[PersonalFinding]:
    """The column under a head of 姓名, where what stands in it are names."""
    for column, head in enumerate(table.content[0].content):
        if not _NAME_HEAD.fullmatch(cell_text(head).strip()):
            continue
        cells = [cell_text(row.content[column]).strip() for row in table.content[1:] if column < len(row.content)]
        yield from (PersonalFinding("姓名", place, name) for name in cells if _NAME.fullmatch(name))
