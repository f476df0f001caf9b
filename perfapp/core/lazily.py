"""Sets that are worked out when somebody first asks: a decision needs few of the facts that a thing has."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import TypeVar

T = TypeVar("T")


class Later(Set[T]):
    """A set found at the first question, once."""

    def __init__(self, find: Callable[[], frozenset[T]]) -> None:
        self._find = find
        self._found: frozenset[T] | None = None

    @classmethod
    def _from_iterable(cls, items: Iterable[T]) -> "Set[T]":  # type: ignore[override]
        return frozenset(items)

    def _all(self) -> frozenset[T]:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __contains__(self, item: object) -> bool:
        return item in self._all()

    def __iter__(self) -> Iterator[T]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class Also(Set[T]):
    """A set and a few members more; nothing of it is found before somebody asks."""

    def __init__(self, known: Set[T], *more: T) -> None:
        self._known = known
        self._more = frozenset(more)

    @classmethod
    def _from_iterable(cls, items: Iterable[T]) -> "Set[T]":  # type: ignore[override]
        return frozenset(items)

    def __contains__(self, item: object) -> bool:
        return item in self._more or item in self._known

    def __iter__(self) -> Iterator[T]:
        yield from self._more
        yield from (item for item in self._known if item not in self._more)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Made(Mapping[str, T]):
    """Values by name, each made when it is first read."""

    def __init__(self, makers: Mapping[str, Callable[[], T]]) -> None:
        self._makers = {str(name): make for name, make in makers.items()}
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        key = str(name)
        if key not in self._made:
            self._made[key] = self._makers[key]()
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Sentences(Made[str]):
    """Sentences by name."""


class Conditions(Set[str]):
    """The names of the conditions that hold, each tested at the first question about it."""

    def __init__(self, tests: Mapping[str, Callable[[], bool]]) -> None:
        self._tests = {str(name): test for name, test in tests.items()}
        self._known: dict[str, bool] = {}

    @classmethod
    def _from_iterable(cls, items: Iterable[str]) -> Set[str]:  # type: ignore[override]
        return frozenset(items)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str) or str(name) not in self._tests:
            return False
        key = str(name)
        if key not in self._known:
            self._known[key] = self._tests[key]()
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._tests if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
