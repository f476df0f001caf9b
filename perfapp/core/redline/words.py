"""Two paragraphs word by word. Chinese has no spaces: characters are compared, and what differs is widened to words.

Numbers are never split: 2,560.21 that became 2,650.21 is one figure for another. No dictionary is needed, because a
mark has only to be readable, and a dictionary would be wrong for the names of offices and systems.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

WORK = 1_500_000  # tokens times tokens above which clauses are compared before characters
ISLAND = 2  # characters in common between two changes that only look like a coincidence
_TOKENS = re.compile(r"\d{1,3}(?:，\d{3})+(?:\.\d+)?[%％‰]?|\d(?:[\d,.]*\d)?[%％‰]?|[A-Za-z]+|.", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff]")
_PARTICLES = frozenset("的了和与及或在对按由从把将为是不被以等各每该本较比至到共约近已未并其中所有于之")
_CLAUSE_ENDS = "，。；：、！？"


class Token(NamedTuple):
    """What is compared, and what is shown: a drawn number may differ and still be the same number."""

    key: tuple[str, bool]
    text: str


class Step(NamedTuple):
    """A piece of both sides: the same on both, or what stands on one for what stands on the other."""

    differs: bool
    left: str
    right: str


class _Run(NamedTuple):
    differs: bool
    left: list[Token]
    right: list[Token]


Pairs = Mapping[str, int]
"""How often two characters stand side by side in both texts: which of them make a word."""


def tokens(text: str, bold: bool = False) -> tuple[Token, ...]:
    """Numbers and Latin words whole, everything else character by character."""
    return tuple(Token((piece, bold), piece) for piece in _TOKENS.findall(text))


def pairs_of(texts: Iterable[str]) -> Pairs:
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(text[at : at + 2] for at in range(len(text) - 1))
    return counted


def steps(left: Sequence[Token], right: Sequence[Token], pairs: Pairs | None = None) -> tuple[Step, ...]:
    """Both sides in pieces, in order; put together, the pieces of a side are the side."""
    known = pairs if pairs is not None else pairs_of("".join(token.text for token in side) for side in (left, right))
    found: list[Step] = []
    for run in _widened(_joined(_slid(list(_runs(left, right)))), known):
        step = Step(run.differs, _text(run.left), _text(run.right))
        if found and found[-1].differs == step.differs:
            last = found.pop()
            step = Step(step.differs, last.left + step.left, last.right + step.right)
        found.append(step)
    return tuple(found)


# --- what differs ---------------------------------------------------------------------------------------------


def _runs(left: Sequence[Token], right: Sequence[Token]) -> Iterator[_Run]:
    """What both begin and end with is set aside first: most changes are small ones in a long paragraph."""
    shorter = min(len(left), len(right))
    head = next((at for at in range(shorter) if left[at].key != right[at].key), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if left[-1 - at].key != right[-1 - at].key), rest)
    yield _Run(False, list(left[:head]), list(right[:head]))
    yield from _inner(left[head : len(left) - tail], right[head : len(right) - tail])
    yield _Run(False, list(left[len(left) - tail :]), list(right[len(right) - tail :]))


def _inner(left: Sequence[Token], right: Sequence[Token]) -> Iterator[_Run]:
    if len(left) * len(right) > WORK:
        yield from _by_clause(left, right)
        return
    matcher = SequenceMatcher(None, [token.key for token in left], [token.key for token in right], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        yield _Run(tag != "equal", list(left[a:b]), list(right[c:d]))


def _by_clause(left: Sequence[Token], right: Sequence[Token]) -> Iterator[_Run]:
    """Very long paragraphs: whole clauses first, characters only inside what is left."""
    mine, theirs = _clauses(left), _clauses(right)
    keys, others = ([tuple(token.key for token in clause) for clause in side] for side in (mine, theirs))
    for tag, a, b, c, d in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
        one = [token for clause in mine[a:b] for token in clause]
        other = [token for clause in theirs[c:d] for token in clause]
        if tag == "equal" or len(one) * len(other) > WORK:
            yield _Run(tag != "equal", one, other)
        else:
            yield from _inner(one, other)


def _clauses(side: Sequence[Token]) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for token in side:
        found[-1].append(token)
        if token.text in _CLAUSE_ENDS:
            found.append([])
    return [clause for clause in found if clause]


# --- as a person would mark it --------------------------------------------------------------------------------


def _slid(runs: list[_Run]) -> list[_Run]:
    """What only one side has may stand at several places between the same words: at the ends of a clause, if it can."""
    for at in range(1, len(runs) - 1):
        before, run, after = runs[at - 1 : at + 2]
        own = run.right or run.left
        if not run.differs or (run.left and run.right) or before.differs or after.differs or not own:
            continue
        line = [*before.left, *own, *after.left]
        first, size = len(before.left), len(own)
        places = [first]
        while places[-1] > 0 and _same(line[places[-1] - 1], line[places[-1] + size - 1]):
            places.append(places[-1] - 1)
        last = first
        while last + size < len(line) and _same(line[last], line[last + size]):
            last += 1
            places.append(last)
        best = max(places, key=lambda place: (_ease(line, place) + _ease(line, place + size), place))
        if best != first:
            runs[at - 1 : at + 2] = _moved(before, run, after, best - first)
    return runs


def _moved(before: _Run, run: _Run, after: _Run, by: int) -> list[_Run]:
    """The same three runs with the middle one further on (`by` > 0) or back among the words around it."""
    own = run.right or run.left
    if by > 0:
        passed = after.left[:by]
        middle, rest = [*own, *passed][by:], [*own, *passed][:by]
        before = _Run(False, before.left + rest, before.right + rest)
        after = _Run(False, after.left[by:], after.right[by:])
    else:
        passed = before.left[by:]
        middle, rest = [*passed, *own][: len(own)], [*passed, *own][len(own) :]
        before = _Run(False, before.left[:by], before.right[:by])
        after = _Run(False, rest + after.left, rest + after.right)
    return [before, _Run(True, middle if run.left else [], middle if run.right else []), after]


def _same(one: Token, other: Token) -> bool:
    return one.key == other.key and one.text == other.text


def _ease(line: Sequence[Token], place: int) -> int:
    """How naturally a mark begins or ends at this place."""
    if place in (0, len(line)):
        return 3
    before = line[place - 1].text
    return 3 if before in "。；！？\n" else 2 if before in "，、：" else 0


def _joined(runs: list[_Run]) -> list[_Run]:
    """A coincidence of one or two characters between changes joins them."""
    joined: list[_Run] = []
    filled = [run for run in runs if run.left or run.right]
    for at, run in enumerate(filled):
        island = not run.differs and 0 < at < len(filled) - 1 and _is_island(run.left, filled[at - 1], filled[at + 1])
        if joined and joined[-1].differs and (run.differs or island):
            joined[-1] = _Run(True, joined[-1].left + run.left, joined[-1].right + run.right)
        else:
            joined.append(run)
    return joined


def _is_island(common: Sequence[Token], before: _Run, after: _Run) -> bool:
    """Reading it as one change is easier: replacements around a little in common, or 加强 that became 强化."""
    length = sum(len(token.text) for token in common)
    swapped = (not before.right and not after.left) or (not before.left and not after.right)
    if swapped and len(common) == 1 and _is_han(common[0]):
        return max(map(len, (before.left, before.right, after.left, after.right))) <= ISLAND
    replaced = all(run.left and run.right for run in (before, after))
    weight = min(max(len(run.left), len(run.right)) for run in (before, after))
    return replaced and length <= ISLAND and weight > length


def _widened(runs: list[_Run], pairs: Pairs) -> list[_Run]:
    """提高 that became 提升 differs in one character and is read as two words: the neighbour it belongs to joins it."""
    for at, run in enumerate(runs):
        if not run.differs or len(run.left) != 1 or len(run.right) != 1 or not _is_han(run.left[0], run.right[0]):
            continue
        before, after = (_neighbour(runs, at - 1, -1), _neighbour(runs, at + 1, 0))
        bonds = [_bond(before, run, pairs, ahead=True), _bond(after, run, pairs, ahead=False)]
        if max(bonds) == 0:
            continue
        if bonds[0] >= bonds[1]:
            last, first = runs[at - 1].left.pop(), runs[at - 1].right.pop()
            run.left.insert(0, last)
            run.right.insert(0, first)
        else:
            run.left.append(runs[at + 1].left.pop(0))
            run.right.append(runs[at + 1].right.pop(0))
    return [run for run in runs if run.left or run.right]


def _neighbour(runs: list[_Run], at: int, end: int) -> Token | None:
    if not 0 <= at < len(runs) or runs[at].differs or not runs[at].left:
        return None
    token = runs[at].left[end]
    return token if _is_han(token) and token.text not in _PARTICLES and token.key[0] else None


def _bond(neighbour: Token | None, run: _Run, pairs: Pairs, *, ahead: bool) -> int:
    """How often the neighbour stands beside what was and what is: 0 where it cannot be part of the word."""
    if neighbour is None or run.left[0].text in _PARTICLES or run.right[0].text in _PARTICLES:
        return 0
    both = (run.left[0].text, run.right[0].text)
    return sum(pairs.get(neighbour.text + text if ahead else text + neighbour.text, 0) for text in both)


def _is_han(*wanted: Token) -> bool:
    return all(len(token.text) == 1 and _HAN.match(token.text) for token in wanted)


def _text(side: Iterable[Token]) -> str:
    return "".join(token.text for token in side)
