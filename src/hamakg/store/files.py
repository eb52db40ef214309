"""Operations on files that the store's promises rest on: locks, atomic replacement, and errors that name the store.

The locks are flock(2): they work on folders, and the system releases them when a process dies. Packages for locks use
files of their own, and hold no shared locks on folders.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hamakg.errors import HamakgError


def lock_shared(folder: Path) -> int | None:
    """Locks a folder against :func:`lock_exclusively`; returns the open descriptor that holds the lock.

    Any number of processes may hold this lock. Returns None if another holds the folder exclusively.
    """
    return _lock(folder, os.O_RDONLY, fcntl.LOCK_SH)


def lock_exclusively(path: Path, create: bool = False) -> int | None:
    """Locks a folder, or a file to ``create``, if nobody else has; returns the open descriptor that holds the lock."""
    return _lock(path, os.O_RDWR | os.O_CREAT if create else os.O_RDONLY, fcntl.LOCK_EX)


def _lock(path: Path, flags: int, kind: int) -> int | None:
    descriptor = os.open(path, flags, 0o644)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def replace_file(path: Path, line: str) -> None:
    """Makes a file contain just this line. If the process dies meanwhile, the file has its old or its new content."""
    new = path.with_name(path.name + ".new")
    new.write_text(line + "\n", encoding="ascii")
    sync(new)
    os.replace(new, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Returns when a file, or the list of files of a folder, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_FULL = tuple(map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)))
"""What the system says when a disk is full; RocksDB puts its own functions and files before it."""


@contextmanager
def reporting_errors(action: str, path: Path) -> Iterator[None]:
    """Turns OSError into HamakgError with a line that names the store; ``action`` is "read" or "write to"."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise HamakgError(f"cannot {action} the store {path}: it, or a folder above it, is a file") from error
    except PermissionError as error:
        raise HamakgError(f"cannot {action} the store {path}: permission denied; name another with --store") from error
    except OSError as error:
        raise HamakgError(describe_error(action, path, error)) from error


def describe_error(action: str, path: Path, error: OSError) -> str:
    """Describes an error in one line that names the store."""
    reason = (error.strerror or str(error)).strip().splitlines()[0]
    reason = next((full for full in _FULL if reason.endswith(full)), reason)
    return f"cannot {action} the store {path}: {reason}"
