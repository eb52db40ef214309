"""The store: a folder of generations, each a finished Oxigraph directory that nothing writes to again.

::

    DIR/CURRENT               the name of the newest finished generation, replaced in one atomic step
    DIR/lock                  held by the one writer
    DIR/drafts/000008-…/      the writer's working copy of the generation to come
    DIR/generations/000007-…/ a generation; its readers hold a shared lock on the folder

Oxigraph may not read a directory that another process writes to. So the writer works on a draft, which starts as a copy
of the newest generation made of hard links (milliseconds, whatever its size), and the finished draft becomes the next
generation in the same way. A writer that dies leaves only a draft, which the next one throws away.

The default graph holds the union of the named graphs, each triple once, however many graphs state it; :func:`replace`
keeps it so. Oxigraph's own unions, of all graphs or of those that FROM names, give a triple once a graph: every count
would be wrong, for a type stands in the article's graph and in the entities'.
"""

import fcntl
import os
import re
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pyoxigraph as ox

from hamakg.errors import HamakgError

UNION = ox.DefaultGraph()
"""Where all graphs together stand, as a set (https://www.w3.org/TR/rdf11-concepts/#section-dataset)."""

_NAME = re.compile(r"\d{6,}-[0-9a-f]{8}")
_KEPT_OPEN = 2


class _Snapshot(NamedTuple):
    """An open generation and the descriptor that holds the shared lock on its folder."""

    name: str
    store: ox.Store
    lease: int


class Store:
    """The generations in one folder; nothing is opened or made before it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._snapshots: deque[_Snapshot] = deque()
        self._opening = Lock()

    def generation(self) -> str | None:
        """The name of the newest finished generation, None before there is one. Costs the reading of one small file."""
        try:
            name = (self.path / "CURRENT").read_text(encoding="ascii", errors="replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return name if _NAME.fullmatch(name) else None

    def snapshot(self) -> ox.Store:
        """The newest finished generation, read-only; the same object until there is a newer one.

        No later write touches it, in this process or another. It stays on disk while the process lives, or until two
        newer ones were taken through this Store: work on it that began before can end in peace. Raises HamakgError if
        there is no store, or a damaged one.
        """
        with self._opening, _naming_errors("read", self.path):
            if not self._snapshots or self._snapshots[-1].name != self.generation():
                self._snapshots.append(self._open_current())
            # pyoxigraph's stores cannot tell when they are no longer used, and open their files as they need them.
            while len(self._snapshots) > _KEPT_OPEN:
                os.close(self._snapshots.popleft().lease)
            return self._snapshots[-1].store

    @contextmanager
    def writing(self) -> Iterator[ox.Store]:
        """A draft to change, by :func:`replace`: the next generation when the block ends, thrown away when it raises.

        Raises HamakgError if the folder cannot be written, holds something else, or another writer is at work.
        """
        with _naming_errors("write to", self.path):
            self._make_folder()
            lock = _lock_or_none(self.path / "lock", os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX)
        if lock is None:
            raise HamakgError(f"another build is writing to the store {self.path}; try again when it has finished")
        try:
            with _naming_errors("write to", self.path):
                self._remove_drafts()
                self._remove_unread()
                name = self._next_name()
                draft = self._start_draft(name)
            yield draft
            with _naming_errors("write to", self.path):
                self._publish(draft, name)
                self._remove_unread()
        finally:
            self._remove_drafts()
            os.close(lock)

    @property
    def _drafts(self) -> Path:
        return self.path / "drafts"

    @property
    def _generations(self) -> Path:
        return self.path / "generations"

    def _open_current(self) -> _Snapshot:
        while name := self.generation():
            lease = self._lease(name)
            if lease is not None:
                return _Snapshot(name, ox.Store.read_only(str(self._generations / name)), lease)
        raise HamakgError(f"no store in {self.path}; make one with: hamakg build PATH --store {self.path}")

    def _lease(self, name: str) -> int | None:
        """A lock under which nobody removes the generation; None if it stopped being the newest before we had it."""
        try:
            lease = _lock_or_none(self._generations / name, os.O_RDONLY, fcntl.LOCK_SH)
        except FileNotFoundError:
            if name == self.generation():
                raise
            return None
        if lease is not None and name != self.generation():
            os.close(lease)
            return None
        return lease

    def _make_folder(self) -> None:
        if self.path.is_dir() and not self._generations.is_dir() and any(self.path.iterdir()):
            raise HamakgError(f"the folder {self.path} holds other files and no store; name an empty or a new folder")
        self._generations.mkdir(parents=True, exist_ok=True)

    def _next_name(self) -> str:
        """A random end tells the generations of a store that was deleted and made anew from those a reader knew."""
        number = max((int(folder.name.split("-")[0]) for folder in self._all()), default=0) + 1
        return f"{number:06}-{os.urandom(4).hex()}"

    def _start_draft(self, name: str) -> ox.Store:
        self._drafts.mkdir(exist_ok=True)
        draft = self._drafts / name
        if current := self.generation():
            ox.Store.read_only(str(self._generations / current)).backup(draft)
        return ox.Store(draft)

    def _publish(self, draft: ox.Store, name: str) -> None:
        """A copy loaded in bulk, not the draft itself: a caller may still hold the draft open.

        Flushing a draft of many articles can wait for ever (https://github.com/facebook/rocksdb/issues/13280), and so
        can its backup, which flushes; the copy is compact besides.
        """
        copy = ox.Store(self._generations / name)
        copy.bulk_extend(draft)
        copy.flush()
        del copy
        _sync(self._generations)
        announced = self.path / "CURRENT.new"
        announced.write_text(name + "\n", encoding="ascii")
        _sync(announced)
        os.replace(announced, self.path / "CURRENT")
        _sync(self.path)

    def _remove_drafts(self) -> None:
        """As far as it goes: one that the caller still holds open changes its files; the next writer tries again."""
        shutil.rmtree(self._drafts, ignore_errors=True)

    def _remove_unread(self) -> None:
        """Remove the generations that are neither the newest nor read by anybody."""
        current = self.generation()
        for folder in self._all():
            if folder.name != current and (lock := _lock_or_none(folder, os.O_RDONLY, fcntl.LOCK_EX)) is not None:
                shutil.rmtree(folder)
                os.close(lock)

    def _all(self) -> list[Path]:
        return [folder for folder in self._generations.iterdir() if _NAME.fullmatch(folder.name)]


def replace(draft: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> bool:
    """Make ``quads`` the whole of the named graph ``graph``; False, and nothing is touched, if they are that already.

    The union gains the triples that are new, and loses those that no other graph states. Raises ValueError if a quad
    belongs to another graph.
    """
    name = ox.NamedNode(graph)
    normal = ox.Store()  # holds values as the draft does, which stores "007"^^xsd:integer as 7
    normal.extend(quads)
    new, old = set(normal), set(draft.quads_for_pattern(None, None, None, name))
    if new == old:
        return False
    if any(quad.graph_name != name for quad in new):
        raise ValueError(f"a quad for the graph {graph} names another graph")
    for quad in old - new:
        draft.remove(quad)
        if not _is_stated(draft, quad):
            draft.remove(_in_union(quad))
    draft.extend(copy for quad in new - old for copy in (quad, _in_union(quad)))
    if not new:
        draft.remove_graph(name)  # the store would go on to list it, empty
    return True


def triples(
    store: ox.Store,
    subject: ox.NamedNode | ox.BlankNode | ox.Triple | None = None,
    predicate: ox.NamedNode | None = None,
    value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None = None,
) -> Iterator[ox.Triple]:
    """What the named graphs together state, each triple once; None stands for anything."""
    return (quad.triple for quad in store.quads_for_pattern(subject, predicate, value, UNION))


def stated(
    store: ox.Store,
    inferred: str,
    subject: ox.NamedNode | ox.BlankNode | ox.Triple | None = None,
    value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None = None,
) -> list[ox.Triple]:
    """What the named graphs state, each triple once, but for what only graphs below the IRI ``inferred`` do."""
    quads = store.quads_for_pattern(subject, None, value)
    kept = (q for q in quads if isinstance(q.graph_name, ox.NamedNode) and not q.graph_name.value.startswith(inferred))
    return list(dict.fromkeys(quad.triple for quad in kept))


def _in_union(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, UNION)


def _is_stated(draft: ox.Store, quad: ox.Quad) -> bool:
    """Whether some named graph holds the quad's triple."""
    found = draft.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return any(other.graph_name != UNION for other in found)


def _lock_or_none(path: Path, flags: int, kind: int) -> int | None:
    """An open, locked descriptor (flock(2): it goes with the process, works on folders, on Linux and macOS)."""
    descriptor = os.open(path, flags, 0o644)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _naming_errors(doing: str, path: Path) -> Iterator[None]:
    """The system's errors as one line that names the store."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise HamakgError(f"cannot {doing} the store {path}: it, or a folder above it, is a file") from error
    except PermissionError as error:
        raise HamakgError(f"cannot {doing} the store {path}: permission denied; name another with --store") from error
    except OSError as error:
        reason = (error.strerror or str(error)).strip().splitlines()[0]
        raise HamakgError(f"cannot {doing} the store {path}: {reason}") from error
