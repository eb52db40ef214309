"""Errors that users can do something about; the command line prints each as one line."""


class HamakgError(Exception):
    """The work failed; the message says why, and what to do about it (exit status 1)."""


class LimitError(HamakgError):
    """Something is longer, deeper, slower or larger than is allowed."""


class UsageError(HamakgError):
    """The request cannot be carried out as it was made (exit status 2)."""


class UnavailableError(HamakgError):
    """A service cannot be reached, or asks for a long wait; asking it again in this run would be of no use."""


def make_sentence(message: str) -> str:
    """The message of an error as a sentence, for answers and pages; the command line prints messages as they are."""
    return f"{message[0].upper()}{message[1:]}."
