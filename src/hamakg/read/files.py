"""Opens files that may be anything: only regular files are read, and never more of them than a limit."""

import errno
import io
import os
import stat
from pathlib import Path

from hamakg.errors import HamakgError, LimitError
from hamakg.read.text import LONGEST_PAGE

_MOST_BYTES = 4 * LONGEST_PAGE  # a character has up to four bytes in UTF-8

_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket"}


def open_file(path: Path) -> io.FileIO:
    """Open a regular file, or a link to one, for reading. Raises HamakgError for anything else."""
    try:
        # Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise _explain(error) from error
    mode = stat.S_IFMT(os.fstat(descriptor).st_mode)
    if mode == stat.S_IFREG:
        return io.FileIO(descriptor)
    os.close(descriptor)
    if mode in _KINDS:
        raise HamakgError(f"{_KINDS[mode]}, not a file; save the article in a file")
    raise _explain(IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))


def read_file(path: Path) -> bytes:
    """The bytes of a regular file. Raises HamakgError for anything else, LimitError if no article is so long."""
    with io.BufferedReader(open_file(path)) as file:
        try:
            data = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise _explain(error) from error
    if len(data) > _MOST_BYTES:
        raise LimitError(f"more than {_MOST_BYTES // 1_000_000} MB; articles have at most {LONGEST_PAGE:,} characters")
    return data


def _explain(error: OSError) -> HamakgError:
    return HamakgError(f"cannot be read ({error.strerror or error}); check that it is a file you may read")
