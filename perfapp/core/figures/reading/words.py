"""Word lists, as they are written down in the reader."""


def words(listed: str) -> tuple[str, ...]:
    """The words of a list."""
    return tuple(listed.split())


def either(listed: str) -> str:
    """An alternation of the words (or small patterns) of a list, in its order: the longer of two goes first."""
    return "|".join(listed.split())
