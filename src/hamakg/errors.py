"""The errors a user can mend; the command line prints them as one line."""


class HamakgError(Exception):
    """Work that failed for a reason the message names, with what to do about it (exit status 1)."""


class UsageError(HamakgError):
    """A request that cannot be carried out as it was put (exit status 2)."""


class Unavailable(HamakgError):
    """A service that nobody reaches, or that wants to be asked much later: it is of no use to go on asking now."""
