"""Whenever a writer is killed: acknowledged changes are not lost, and no change is there in part."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from hamakg.store import UNION, VersionedStore
from support.solutions import value_of

KILLS = 100
TRIPLES = 40
"""The size of each change: all or none of these triples must be there afterwards."""

WRITER = f"""
import sys
from pathlib import Path
import pyoxigraph as ox
from hamakg.sparql.updates import run_update
from hamakg.store import VersionedStore, replace_graph
store, number = VersionedStore(Path(sys.argv[1])), int(sys.argv[2])
while True:
    graph = ox.NamedNode(f"urn:g:{{number}}")
    quads = [
        ox.Quad(ox.NamedNode(f"urn:s:{{n}}"), ox.NamedNode("urn:p"), ox.Literal(number), graph)
        for n in range({TRIPLES})
    ]
    with store.open_draft(wait=30) as draft:
        if number % 2:
            replace_graph(draft, graph.value, quads)
        else:
            text = " ".join(f"{{quad.subject}} {{quad.predicate}} {{quad.object}} ." for quad in quads)
            run_update(draft, f"INSERT DATA {{{{ GRAPH {{graph}} {{{{ {{text}} }}}} }}}}", "urn:own")
    print(number, flush=True)
    number += 1
"""


def killed(store: Path, number: int, after: float) -> int:
    """The last number that a writer acknowledged before it was killed; ``number`` - 1 if there is none."""
    command = [sys.executable, "-c", WRITER, str(store), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()  # so that the kill falls among changes and not on the start of Python
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
        output = [first, *writer.stdout.read().splitlines()]
    return int(output[-1])


@pytest.mark.long
def test_a_hundred_kills_lose_no_change_and_leave_none_in_part(tmp_path: Path) -> None:
    """Changes are numbered. After each kill, all up to the last acknowledged one are there, and perhaps the next."""
    moments, number = random.Random(7), 0
    for _ in range(KILLS):
        acknowledged = killed(tmp_path, number, moments.uniform(0, 0.3))
        found = numbers(VersionedStore(tmp_path).snapshot())
        assert set(found.values()) == {TRIPLES}
        assert sorted(found) in (list(range(acknowledged + 1)), list(range(acknowledged + 2)))
        number = max(found) + 1
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"CURRENT", "CURRENT.new", "FORMAT", "drafts", "generations", "lock"}


def numbers(store: ox.Store) -> dict[int, int]:
    """How many triples each change has in the store; checks that the union has the same."""
    counts: dict[int, int] = {}
    for quad in store.quads_for_pattern(None, None, None, UNION):
        number = int(value_of(quad.object))
        counts[number] = counts.get(number, 0) + 1
    assert sum(1 for quad in store if quad.graph_name != UNION) == sum(counts.values())
    return counts


FULL = """
import os, resource, signal, sys
from pathlib import Path
import pyoxigraph as ox
from hamakg.errors import HamakgError
from hamakg.store import VersionedStore, add_quads
subject = lambda n: ox.NamedNode(f"urn:s:{n}")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    with VersionedStore(Path(sys.argv[1])).open_draft() as draft:
        add_quads(draft, (
            ox.Quad(subject(n), ox.NamedNode("urn:p"), ox.Literal(os.urandom(50).hex()), ox.NamedNode("urn:g"))
            for n in range(20000)
        ))
except (HamakgError, OSError) as error:
    print("failed:", error)
"""


def test_a_full_disk_leaves_the_store_unchanged(tmp_path: Path) -> None:
    """A limit on the size of files has the same effect on a program as a full disk."""
    with VersionedStore(tmp_path).open_draft() as draft:
        draft.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("a"), ox.NamedNode("urn:g")))
    before = VersionedStore(tmp_path).generation()
    command = [sys.executable, "-c", FULL, str(tmp_path), "500000"]
    output = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    assert output.startswith("failed: ") and output.count("\n") == 1
    assert VersionedStore(tmp_path).generation() == before
    assert {quad.object.value for quad in VersionedStore(tmp_path).snapshot()} == {"a"}
    assert os.listdir(tmp_path / "generations") == [before]
