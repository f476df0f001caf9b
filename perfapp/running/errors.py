"""Why the system cannot run."""


class CannotRun(Exception):
    """Carries one sentence for the person at the terminal: what is wrong, where, how to mend it."""
