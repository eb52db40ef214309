"""The store keeps its promises with real Oxigraph directories, real processes and real kills."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.errors import HamakgError
from hamakg.store import (
    UNION,
    VersionedStore,
    add_file,
    add_quads,
    find_triples,
    load_dump,
    remove_graph,
    replace_graph,
)

GRAPH, OTHER = "https://example.org/graph", "https://example.org/other"
XSD_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def quad(value: str, graph: str = GRAPH) -> ox.Quad:
    subject = ox.NamedNode("https://example.org/s")
    return ox.Quad(subject, ox.NamedNode("https://example.org/p"), ox.Literal(value), ox.NamedNode(graph))


def write(path: Path, *values: str) -> None:
    with VersionedStore(path).open_draft() as draft:
        draft.extend(quad(value) for value in values)


def values(store: ox.Store) -> set[str]:
    return {quad.object.value for quad in store}


def generations(path: Path) -> set[str]:
    return {folder.name for folder in (path / "generations").iterdir()}


@contextmanager
def process(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Another Python process that runs ``code`` with these arguments in ``sys.argv``; killed when the block ends."""
    head = "import os, signal, sys, time\nfrom pathlib import Path\nfrom hamakg.store import VersionedStore\n"
    head += "import pyoxigraph as ox\npath = Path(sys.argv[1])\n"
    command = [sys.executable, "-c", head + code, *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def test_a_draft_begins_with_the_content_of_the_newest_generation(tmp_path: Path) -> None:
    write(tmp_path / "store", "a")
    write(tmp_path / "store", "b")
    assert values(VersionedStore(tmp_path / "store").snapshot()) == {"a", "b"}


def test_an_open_snapshot_does_not_change_and_the_next_one_has_the_new_data(tmp_path: Path) -> None:
    """So a server only has to open a snapshot again to serve new data."""
    write(tmp_path, "a")
    store = VersionedStore(tmp_path)
    before, first = store.snapshot(), store.generation()
    assert store.snapshot() is before
    write(tmp_path, "b")
    assert store.generation() != first
    assert (values(before), values(store.snapshot())) == ({"a"}, {"a", "b"})


def test_a_snapshot_cannot_be_written(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with pytest.raises(RuntimeError):
        VersionedStore(tmp_path).snapshot().add(quad("b"))


def test_a_store_that_was_deleted_and_made_again_is_recognized_as_another(tmp_path: Path) -> None:
    """Both stores number their generations from 1."""
    write(tmp_path / "one", "a")
    write(tmp_path / "two", "b")
    store = VersionedStore(tmp_path / "one")
    assert values(store.snapshot()) == {"a"}
    (tmp_path / "one").rename(tmp_path / "gone")
    (tmp_path / "two").rename(tmp_path / "one")
    assert values(store.snapshot()) == {"b"}


def test_a_block_that_raises_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a")
    before = VersionedStore(tmp_path).generation()
    with pytest.raises(ZeroDivisionError), VersionedStore(tmp_path).open_draft() as draft:
        draft.add(quad("b"))
        raise ZeroDivisionError
    assert (VersionedStore(tmp_path).generation(), values(VersionedStore(tmp_path).snapshot())) == (before, {"a"})


def test_a_draft_that_is_still_held_after_the_block_cannot_change_the_generation(tmp_path: Path) -> None:
    with VersionedStore(tmp_path).open_draft() as draft:
        draft.add(quad("a"))
    with suppress(OSError):
        draft.add(quad("late"))
        draft.flush()
    assert values(VersionedStore(tmp_path).snapshot()) == {"a"}


WRITE_AND_WAIT = """
with VersionedStore(path).open_draft() as draft:
    draft.update('INSERT DATA { <urn:s> <urn:p> "half" }')
    draft.flush()
    print("half-way", flush=True)
    time.sleep(60)
"""
DIE_BEFORE_THE_NAME_CHANGES = """
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with VersionedStore(path).open_draft() as draft:
    draft.update('INSERT DATA { <urn:s> <urn:p> "half" }')
"""


@pytest.mark.parametrize("built_before", [True, False])
def test_killing_a_writer_half_way_leaves_the_store_unchanged(tmp_path: Path, built_before: bool) -> None:
    if built_before:
        write(tmp_path, "a")
    before = VersionedStore(tmp_path).generation()
    with process(WRITE_AND_WAIT, tmp_path) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "half-way\n"
        writer.send_signal(signal.SIGKILL)
        assert writer.wait() == -signal.SIGKILL
    assert VersionedStore(tmp_path).generation() == before
    write(tmp_path, "b")
    assert values(VersionedStore(tmp_path).snapshot()) == ({"a", "b"} if built_before else {"b"})


def test_killing_a_writer_at_the_last_moment_leaves_the_store_unchanged(tmp_path: Path) -> None:
    """It is killed when the new generation is on disk but not yet CURRENT; the next write deletes what it left."""
    write(tmp_path, "a")
    before = VersionedStore(tmp_path).generation()
    with process(DIE_BEFORE_THE_NAME_CHANGES, tmp_path) as writer:
        assert writer.wait() == -signal.SIGKILL
    assert (VersionedStore(tmp_path).generation(), values(VersionedStore(tmp_path).snapshot())) == (before, {"a"})
    write(tmp_path, "b")
    assert values(VersionedStore(tmp_path).snapshot()) == {"a", "b"}
    assert generations(tmp_path) == {before, VersionedStore(tmp_path).generation()}  # this test still reads the first


def test_a_second_writer_is_refused_and_readers_are_not_affected(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with process(WRITE_AND_WAIT, tmp_path) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "half-way\n"
        with pytest.raises(HamakgError) as error, VersionedStore(tmp_path).open_draft():
            pass
        assert values(VersionedStore(tmp_path).snapshot()) == {"a"}
    assert str(error.value) == f"another process is writing to the store {tmp_path}; try again when it has finished"


READ_TWICE = """
store = VersionedStore(path)
snapshot = store.snapshot()
print(store.generation(), *sorted(quad.object.value for quad in snapshot), flush=True)
sys.stdin.readline()
print(*sorted(quad.object.value for quad in snapshot), flush=True)
"""


def test_a_generation_is_deleted_when_no_process_reads_it_any_more(tmp_path: Path) -> None:
    write(tmp_path, "a")
    first = tmp_path / "generations" / str(VersionedStore(tmp_path).generation())
    with process(READ_TWICE, tmp_path) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == f"{first.name} a\n"
        for value in "bcd":
            write(tmp_path, value)
        assert first.is_dir()
        assert generations(tmp_path) == {first.name, VersionedStore(tmp_path).generation()}
        answer, _ = reader.communicate("\n")
        assert answer == "a\n"
    write(tmp_path, "e")
    assert generations(tmp_path) == {VersionedStore(tmp_path).generation()}


def test_readers_always_see_a_complete_generation_while_a_writer_makes_many(tmp_path: Path) -> None:
    """Each generation contains the numbers up to its own, so an incomplete one would be noticed."""
    write(tmp_path, "0")
    code = """
for number in range(1, 15):
    with VersionedStore(path).open_draft() as draft:
        draft.update('INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> "%d" } }' % number)
"""
    seen, store = [], VersionedStore(tmp_path)
    with process(code, tmp_path) as writer:
        while writer.poll() is None:
            seen.append(values(store.snapshot()))
        assert (writer.wait(), writer.stderr and writer.stderr.read()) == (0, "")
    seen.append(values(store.snapshot()))
    assert seen[-1] == {str(number) for number in range(15)}
    assert all(found == {str(number) for number in range(len(found))} for found in seen)


def test_replacing_a_graph_changes_no_other_graph() -> None:
    draft = ox.Store()
    other = quad("other", OTHER)
    replace_graph(draft, GRAPH, [quad("old"), quad("kept")])
    replace_graph(draft, OTHER, [other])
    assert replace_graph(draft, GRAPH, [quad("kept"), quad("new")]) is True
    assert {quad for quad in draft if quad.graph_name != UNION} == {quad("kept"), quad("new"), other}


def test_replacing_a_graph_by_the_same_quads_reports_no_change() -> None:
    """Also if the store writes a value differently: 007 comes back as 7."""
    draft = ox.Store()
    seven = ox.Literal("007", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    quads = [ox.Quad(quad("").subject, quad("").predicate, seven, ox.NamedNode(GRAPH)), quad("a")]
    assert replace_graph(draft, GRAPH, quads) is True
    assert replace_graph(draft, GRAPH, reversed(quads)) is False


def test_replacing_a_graph_by_nothing_deletes_it() -> None:
    draft = ox.Store()
    draft.add(quad("old"))
    assert replace_graph(draft, GRAPH, []) is True
    assert (set(draft), list(draft.named_graphs())) == (set(), [])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sets(st.sampled_from("123"))), max_size=12))
def test_the_union_has_each_triple_of_the_graphs_once_whatever_was_replaced(
    steps: list[tuple[str, set[str]]],
) -> None:
    """One of the steps is to replace a graph by nothing, as removing an article does."""
    draft, graphs = ox.Store(), dict[str, set[str]]()
    for name, texts in steps:
        graph = f"https://example.org/{name}"
        changed = replace_graph(draft, graph, [quad(value, graph) for value in texts])
        assert changed is (texts != graphs.get(graph, set()))
        graphs[graph] = texts
    named = {quad(value, graph) for graph, texts in graphs.items() for value in texts}
    union = {quad(value).triple for texts in graphs.values() for value in texts}
    assert set(draft) == named | {ox.Quad(*triple) for triple in union}
    assert sorted(map(str, find_triples(draft))) == sorted(map(str, union))


def test_a_graph_cannot_be_replaced_by_quads_of_another() -> None:
    draft = ox.Store()
    with pytest.raises(ValueError, match="another graph"):
        replace_graph(draft, GRAPH, [quad("a", OTHER)])
    assert set(draft) == set()


TRIPLES = 12_000
"""More than are written to tables in memory."""


def write_triples(path: Path, first: int, count: int = TRIPLES) -> None:
    """N-Triples with the numbers from ``first`` on; two of each thousand have the same blank node."""
    with path.open("w") as out:
        for number in range(first, first + count):
            subject = f"_:b{number // 1000}" if number % 1000 < 2 else f"<urn:s:{number}>"
            out.write(f'{subject} <urn:p> "{number} _:x" .\n')


def split_union(store: ox.Store) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """The triples of the union, and those of the named graphs."""
    union = {quad.triple for quad in store if quad.graph_name == UNION}
    return union, {quad.triple for quad in store if quad.graph_name != UNION}


def test_a_file_is_added_to_a_graph_and_to_the_union(tmp_path: Path) -> None:
    write_triples(tmp_path / "a.nt", 0)
    with VersionedStore(tmp_path / "store").open_draft() as draft:
        add_quads(draft, [quad("before")])
        add_file(draft, ox.NamedNode(GRAPH), tmp_path / "a.nt")
    store = VersionedStore(tmp_path / "store").snapshot()
    union, named = split_union(store)
    assert (len(named), union) == (TRIPLES + 1, named)
    blank_nodes = [triple.subject for triple in named if isinstance(triple.subject, ox.BlankNode)]
    assert (len(blank_nodes), len(set(blank_nodes))) == (TRIPLES // 500, TRIPLES // 1000)


def test_few_and_many_quads_become_the_same(tmp_path: Path) -> None:
    write_triples(tmp_path / "a.nt", 0)
    graph = ox.NamedNode(GRAPH)
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in ox.parse(path=tmp_path / "a.nt", rename_blank_nodes=True)
    ]
    many, few = ox.Store(tmp_path / "many"), ox.Store(tmp_path / "few")
    assert (add_quads(many, quads), sum(add_quads(few, [quad]) for quad in quads)) == (0, TRIPLES)
    assert set(many) == set(few)


@pytest.mark.parametrize("line", ["<urn:s> <urn:p> .", "<urn:s> <urn:p> <urn:o> <urn:g> .", "<s> <urn:p> <urn:o> ."])
def test_a_malformed_line_of_a_file_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.nt").write_text(f"<urn:s> <urn:p> <urn:o> .\n{line}\n")
    with pytest.raises((SyntaxError, ValueError)):
        add_file(ox.Store(tmp_path / "store"), ox.NamedNode(GRAPH), tmp_path / "a.nt")


def test_removing_a_graph_keeps_what_others_state_in_the_union(tmp_path: Path) -> None:
    """More triples are removed than at once."""
    graph, other, count = ox.NamedNode(GRAPH), ox.NamedNode(OTHER), 50_000
    write_triples(tmp_path / "a.nt", 0, count)
    write_triples(tmp_path / "b.nt", count - 3000, 6000)
    with VersionedStore(tmp_path / "store").open_draft() as draft:
        add_file(draft, graph, tmp_path / "a.nt")
        add_file(draft, other, tmp_path / "b.nt")
        remove_graph(draft, graph)
        assert list(draft.named_graphs()) == [other]
    union, named = split_union(VersionedStore(tmp_path / "store").snapshot())
    assert (len(named), union) == (6000, named)


def error_of_writing(path: Path) -> str:
    with pytest.raises(HamakgError) as error, VersionedStore(path).open_draft():
        pass
    return str(error.value)


def error_of_reading(path: Path) -> str:
    with pytest.raises(HamakgError) as error:
        VersionedStore(path).snapshot()
    return str(error.value)


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_an_error_names_a_file_in_place_of_the_store(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("not a store")
    path = tmp_path / name
    assert error_of_writing(path) == f"cannot write to the store {path}: it, or a folder above it, is a file"
    assert error_of_reading(path) == f"no store in {path}; make one with: hamakg build PATH --store {path}"


def test_a_folder_with_other_files_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert error_of_writing(tmp_path) == (
        f"the folder {tmp_path} holds other files and is not a store; name an empty or a new folder"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("exists", [True, False])
def test_reading_a_missing_store_says_how_to_make_one(tmp_path: Path, exists: bool) -> None:
    path = tmp_path if exists else tmp_path / "missing"
    assert error_of_reading(path) == f"no store in {path}; make one with: hamakg build PATH --store {path}"
    assert path.exists() is exists


def test_an_oxigraph_directory_is_not_taken_for_a_store(tmp_path: Path) -> None:
    """It has a file named CURRENT too."""
    ox.Store(tmp_path).add(quad("a"))
    assert VersionedStore(tmp_path).generation() is None
    assert "holds other files and is not a store" in error_of_writing(tmp_path)


def test_an_error_names_a_damaged_store(tmp_path: Path) -> None:
    write(tmp_path, "a")
    for file in (tmp_path / "generations" / str(VersionedStore(tmp_path).generation())).iterdir():
        file.unlink()
    assert error_of_reading(tmp_path).startswith(f"cannot read the store {tmp_path}: ")
    assert "\n" not in error_of_reading(tmp_path)


WRITE_AS_NOBODY = """
if os.getuid() == 0:  # permissions do not stop root
    os.setuid(65534)
try:
    with VersionedStore(path).open_draft():
        pass
except Exception as error:
    print(type(error).__name__, error)
"""


def test_an_error_names_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with process(WRITE_AS_NOBODY, tmp_path / "store") as writer:
        answer, _ = writer.communicate()
    tmp_path.chmod(0o700)
    assert answer == (
        f"HamakgError cannot write to the store {tmp_path / 'store'}: permission denied; name another with --store\n"
    )


def test_a_backup_is_a_store_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "store", "a")
    name = VersionedStore(tmp_path / "store").backup(tmp_path / "copy")
    write(tmp_path / "store", "b")
    copy = VersionedStore(tmp_path / "copy")
    assert (copy.generation(), values(copy.snapshot())) == (name, {"a"})
    write(tmp_path / "copy", "c")
    assert values(VersionedStore(tmp_path / "store").snapshot()) == {"a", "b"}


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    write(tmp_path / "store", "a")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(HamakgError, match="already exists; name a new or an empty folder"):
        VersionedStore(tmp_path / "store").backup(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_restoring_replaces_the_content_by_that_of_a_backup(tmp_path: Path) -> None:
    write(tmp_path / "store", "a")
    VersionedStore(tmp_path / "store").backup(tmp_path / "copy")
    write(tmp_path / "store", "b")
    VersionedStore(tmp_path / "store").restore(
        lambda folder: VersionedStore(tmp_path / "copy").snapshot().backup(folder)
    )
    assert values(VersionedStore(tmp_path / "store").snapshot()) == {"a"}


def test_a_dump_is_loaded_with_its_union(tmp_path: Path) -> None:
    dump = tmp_path / "dump.nq"
    literals = [ox.Literal('a "b" <c> .\n'), ox.Literal("d", language="en"), ox.Literal("7", datatype=XSD_INTEGER)]
    quads = {ox.Quad(quad("").subject, quad("").predicate, value, ox.NamedNode(GRAPH)) for value in literals}
    quads |= {quad("e"), quad("e", OTHER)}
    ox.serialize(quads, dump, format=ox.RdfFormat.N_QUADS)
    VersionedStore(tmp_path / "store").restore(lambda folder: load_dump(dump, folder))
    assert set(VersionedStore(tmp_path / "store").snapshot()) == quads | {ox.Quad(*quad.triple) for quad in quads}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<urn:s> <urn:p> <urn:o> .\n", "line 1 is not a quad of a named graph"),
        ("_:b <urn:p> <urn:o> <urn:g> .\n", "line 1 is not a quad of a named graph, or has a blank node"),
        ("<urn:s> <urn:p> <urn:o> <urn:g> .\nhello\n", "line 2 is not a quad of a named graph"),
        ("<urn:s> <urn:p> <urn:o> <urn:g> .\n<urn:s> <urn:p", "it breaks off in line 2"),
        ("<urn:s> <urn:p> <no iri> <urn:g> .\n", "Parser error at line 1 "),
    ],
)
def test_an_error_names_the_line_of_a_bad_dump(tmp_path: Path, text: str, problem: str) -> None:
    write(tmp_path / "store", "a")
    dump = tmp_path / "dump.nq"
    dump.write_text(text)
    with pytest.raises(HamakgError) as error:
        VersionedStore(tmp_path / "store").restore(lambda folder: load_dump(dump, folder))
    assert str(error.value).startswith(f"{dump} is not a dump in canonical N-Quads: {problem}")
    assert values(VersionedStore(tmp_path / "store").snapshot()) == {"a"}
    assert generations(tmp_path / "store") == {VersionedStore(tmp_path / "store").generation()}


def test_an_error_names_the_format_of_another_hamakg(tmp_path: Path) -> None:
    write(tmp_path, "a")
    (tmp_path / "FORMAT").write_text("hamakg store 99\n")
    problem = (
        f"the store {tmp_path} is a 'hamakg store 99', and this hamakg reads a 'hamakg store 1'; use the hamakg"
        " that made it, or build it again in another folder"
    )
    assert (error_of_reading(tmp_path), error_of_writing(tmp_path)) == (problem, problem)


def test_a_writer_can_wait_for_another(tmp_path: Path) -> None:
    code = """
with VersionedStore(path).open_draft() as draft:
    draft.update('INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> "first" } }')
    print("writing", flush=True)
    time.sleep(0.5)
"""
    with process(code, tmp_path) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
        with VersionedStore(tmp_path).open_draft(wait=20) as draft:
            draft.add(quad("second"))
    assert values(VersionedStore(tmp_path).snapshot()) == {"first", "second"}
