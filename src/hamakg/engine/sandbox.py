"""Forbids a process to open network connections, whatever the queries say that it runs.

Oxigraph has no switch that keeps SERVICE and LOAD from connecting, and reading a query beforehand can miss one that the
engine understands otherwise. So on Linux the system itself refuses the process any new socket, by a filter of system
calls (https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html). It cannot be removed again, and
holds for all threads and processes that are started afterwards. Local sockets are refused too, as name services are
asked by them.

libseccomp's Python bindings need a library that not every system has; this filter is seven instructions.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

_SYSTEMS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""The identifier of each architecture for the filter (linux/audit.h), and the number of its system call ``socket``."""

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_OTHER_CALLS = 0x40000000
"""From this number on, system calls have another numbering (x32), which nothing here uses."""

_INSTRUCTION = struct.Struct("=HBBI")
"""``struct sock_filter``: the operation, two jumps (if true, if false) and a constant."""


class _Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def forbid_connections() -> bool:
    """Forbids this process, and all that it starts, to open sockets; returns whether the system can do so.

    Only Linux on x86-64 and ARM64 can. Sockets that are already open stay as they are. Raises OSError if the system
    refuses the filter.
    """
    if sys.platform != "linux" or platform.machine() not in _SYSTEMS:
        return False
    program = _write_filter(*_SYSTEMS[platform.machine()])
    filters = _Program(len(program) // _INSTRUCTION.size, program)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or library.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filters), 0, 0
    ):
        raise OSError(ctypes.get_errno(), f"connections cannot be forbidden: {os.strerror(ctypes.get_errno())}")
    return True


def _write_filter(architecture: int, socket_call: int) -> bytes:
    """The filter: the call ``socket`` fails, other calls pass. Jumps say how many instructions are skipped.

    Calls of another architecture or numbering fail altogether, since the filter cannot tell what they do.
    """
    instructions = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 4, architecture),  # if it is another, refuse
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 2, 0, _OTHER_CALLS),  # if it is, refuse
        (_EQUAL, 1, 0, socket_call),  # if it is, refuse
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FAIL | errno.EACCES),
    )
    return b"".join(_INSTRUCTION.pack(*instruction) for instruction in instructions)
