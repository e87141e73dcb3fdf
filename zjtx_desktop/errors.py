"""What a person can act on: each error carries one Chinese sentence that says what happened and what to do."""


class AppError(Exception):
    """A sentence for the person at the desk; anything that is not an AppError is our bug."""


class BadValue(AppError):
    """A text that cannot become a value: an amount, a code, a date, a document number."""


class BadFile(AppError):
    """A file that cannot be read, is damaged, or is not what it should be."""


class Refused(AppError):
    """A rule or a state forbids what was asked for."""


class Denied(Refused):
    """The person lacks the duty for it, or had a hand in it before; the attempt is put on record."""


class NotFound(AppError):
    """What was asked for is no longer, or never was, in the book."""


class Cancelled(Exception):
    """The person stopped a long job; nothing of it remains."""
