"""The errors a user can mend; the command line prints them as one line."""


class HamakgError(Exception):
    """Work that failed for a reason the message names, with what to do about it (exit status 1)."""


class UsageError(HamakgError):
    """A request that cannot be carried out as it was put (exit status 2)."""
