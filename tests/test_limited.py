"""A process with limits: whatever a function does there, the caller gets an answer or an error, and goes on."""

import faulthandler
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from hamakg.errors import HamakgError, LimitError, UsageError
from hamakg.limited import LimitedProcess

MEGABYTES = 300


def double(number: int) -> int:
    return 2 * number


def get_pid(_: None) -> int:
    return os.getpid()


def kill(pid: int) -> None:
    """Kill a process, and wait until it is dead."""
    os.kill(pid, signal.SIGKILL)
    while (
        subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False).stdout[:1] not in b"Z"
    ):
        time.sleep(0.01)


def kill_parent(_: None) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(1)


def misbehave(how: str) -> object:  # noqa: C901 -- a table of faults
    match how:
        case "loop":
            while True:
                pass
        case "fill the memory":
            return bytearray(1_000_000_000)
        case "recurse":
            return misbehave(how)
        case "fail":
            raise UsageError("no such thing")
        case "stumble":
            return 1 // 0
        case "exit":
            sys.exit("oh")
        case "give up":
            os._exit(3)
        case "crash":
            faulthandler.disable()  # pytest's would print a page
            os.kill(os.getpid(), signal.SIGSEGV)
        case "be killed":
            os.kill(os.getpid(), signal.SIGKILL)
    return lambda: None  # cannot be pickled


@pytest.fixture
def process() -> Iterator[LimitedProcess]:
    with LimitedProcess(double, misbehave, megabytes=MEGABYTES) as process:
        yield process


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("loop", LimitError("takes more than 1 s of processor time; give it more with --timeout")),
        ("fill the memory", LimitError("takes more than 300 MB of memory; give it more with --memory")),
        ("recurse", LimitError("is nested too deeply")),
        ("fail", UsageError("no such thing")),
        ("exit", LimitError("crashes the process that reads it (exit status 1); please report it with this file")),
        ("give up", LimitError("crashes the process that reads it (exit status 3); please report it with this file")),
        ("crash", LimitError("crashes the process that reads it (signal SIGSEGV); please report it with this file")),
        ("be killed", LimitError("was stopped by the system, as it does when memory is short; build it again alone")),
    ],
)
def test_the_error_says_what_happened_and_the_next_call_is_answered(
    process: LimitedProcess, how: str, error: HamakgError
) -> None:
    if how == "fill the memory" and sys.platform != "linux":
        pytest.skip("only Linux limits the memory")
    for _ in range(2):
        with pytest.raises(HamakgError) as raised:
            process.call(misbehave, how, seconds=1)
        assert (type(raised.value), str(raised.value)) == (type(error), str(error))
        assert process.call(double, 21, seconds=1) == 42


def test_a_bug_is_reported_with_its_traceback(process: LimitedProcess) -> None:
    with pytest.raises(HamakgError, match=r"^internal error, ZeroDivisionError\(") as raised:
        process.call(misbehave, "stumble", seconds=1)
    assert "return 1 // 0" in raised.value.__notes__[0]


def test_a_result_that_cannot_be_sent_is_a_bug(process: LimitedProcess) -> None:
    with pytest.raises(HamakgError, match=r"^internal error, "):
        process.call(misbehave, "nothing", seconds=1)
    assert process.call(double, 21, seconds=1) == 42


def test_time_that_a_function_waits_does_not_count() -> None:
    with LimitedProcess(time.sleep, megabytes=MEGABYTES) as process:
        process.call(time.sleep, 0.5, seconds=0.2)


def test_values_of_megabytes_are_sent_both_ways() -> None:
    with LimitedProcess(bytes.upper, megabytes=MEGABYTES) as process:
        assert process.call(bytes.upper, b"a" * 10_000_000, seconds=5) == b"A" * 10_000_000


CALLER = """
import os, sys
from hamakg.limited import LimitedProcess
def work(kind):
    print(os.getpid(), os.getppid(), flush=True)
    while kind == "busy":
        pass
process = LimitedProcess(work, megabytes=300)
process.call(work, sys.argv[1], seconds=60)
print(flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("kind", ["busy", "idle"])
def test_nothing_outlives_the_caller(kind: str, end: signal.Signals) -> None:
    command = [sys.executable, "-c", CALLER, kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as caller:
        assert caller.stdout is not None
        pids = [int(pid) for pid in caller.stdout.readline().split()]
        if kind == "idle":
            caller.stdout.readline()
        caller.send_signal(end)
    deadline = time.monotonic() + 10
    while (left := [pid for pid in pids if is_running(pid)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == []


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended may still be listed, if nobody has waited for it."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def test_a_worker_that_dies_between_two_calls_is_replaced() -> None:
    with LimitedProcess(get_pid, double, megabytes=MEGABYTES) as process:
        for _ in range(3):
            kill(process.call(get_pid, None, seconds=1))
            assert process.call(double, 21, seconds=1) == 42


def test_a_supervisor_that_dies_is_replaced() -> None:
    with LimitedProcess(kill_parent, double, megabytes=MEGABYTES) as process:
        for _ in range(2):
            with pytest.raises(LimitError, match=r"^was stopped by the system"):
                process.call(kill_parent, None, seconds=1)
            assert process.call(double, 21, seconds=1) == 42


def test_a_closed_process_leaves_no_child_and_no_descriptor() -> None:
    before, children = os.listdir("/dev/fd"), list_children()
    for _ in range(3):
        with LimitedProcess(double, megabytes=MEGABYTES) as process:
            process.call(double, 1, seconds=1)
    assert (len(os.listdir("/dev/fd")), list_children()) == (len(before), children)


def list_children() -> set[str]:
    """The processes that this one has started, without the one that lists them; those that have ended too."""
    output = subprocess.run(["ps", "-eo", "ppid=,pid=,comm="], capture_output=True, check=True, text=True).stdout
    rows = (line.split(maxsplit=2) for line in output.splitlines())
    return {pid for parent, pid, name in rows if parent == str(os.getpid()) and name != "ps"}
