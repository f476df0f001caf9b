"""How handing a message over can end, other than well."""


class NotNow(Exception):
    """Certainly not taken, for a reason that may pass: it is tried again."""


class Refused(Exception):
    """Certainly not taken, and it will not be: somebody must mend something."""


class Uncertain(Exception):
    """Handed over without an answer: it may have arrived, so it is not sent again by itself."""
