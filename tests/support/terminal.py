"""Runs the installed command in a pseudo-terminal of a given width, as a person sees it."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path


def run_in_terminal(*args: object, columns: int, cwd: Path, **env: str) -> str:
    """What ``hamakg`` with these arguments prints to a colour terminal that is so many columns wide."""
    command = [str(Path(sys.executable).with_name("hamakg")), *map(str, args)]
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {"TERM": "xterm-256color", **env}
    with subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, cwd=cwd, env=environment) as child:
        os.close(follower)
        printed = b"".join(iter(lambda: _read(leader), b""))
    os.close(leader)
    assert child.returncode == 0, printed.decode()
    return printed.decode().replace("\r\n", "\n")


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""
