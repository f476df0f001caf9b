"""Everything that can go wrong on purpose: one class, one HTTP status, one Chinese sentence for the person."""


class DomainError(Exception):
    """A refusal the person can understand; `message` is shown as it stands."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """Not there, or not there for this person: the two are never told apart."""

    status = 404


class Forbidden(DomainError):
    """The person has no right to do this."""

    status = 403


class Conflict(DomainError):
    """The thing has moved on since the person last saw it."""

    status = 409


class Invalid(DomainError):
    """What was given cannot be taken; `field` names the form field at fault, or None for the whole form."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class TooMany(DomainError):
    """Asked too often; the sentence says when to try again."""

    status = 429
