"""The store: a folder of generations, each a finished Oxigraph directory that is never written to again.

::

    DIR/FORMAT                the version of hamakg's own layout and statements
    DIR/CURRENT               the name of the newest finished generation, replaced in one atomic step
    DIR/lock                  held by the one writer
    DIR/drafts/000008-…/      the writer's draft of the next generation
    DIR/generations/000007-…/ a generation; its readers hold a shared lock on the folder

Oxigraph may not read a directory that another process writes to. So the writer works on a draft, which starts as a copy
of the newest generation, made of hard links (milliseconds, whatever its size); the finished draft becomes the next
generation in the same way. A writer that dies leaves only a draft, which the next writer deletes.

What a generation contains is described in :mod:`hamakg.store.graphs`.
"""

import os
import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pyoxigraph as ox

from hamakg.errors import HamakgError
from hamakg.store.files import (
    describe_error,
    lock_exclusively,
    lock_shared,
    replace_file,
    reporting_errors,
    sync,
)
from hamakg.store.loading import load_quads

_FORMAT = "hamakg store 1"
_NAME = re.compile(r"\d{6,}-[0-9a-f]{8}")
_MAX_OPEN = 2
"""How many snapshots are kept open: work that began on the one before the newest can finish."""

_MAX_LOG_BYTES = 64 * 1024 * 1024
"""How large a log of the engine can be before one of its tables in memory, of 128 MB, can have been full."""

_LARGE_BYTES = 32 * 1024 * 1024
"""A draft whose new files are larger together is published when the engine has merged them."""

_MERGING_SECONDS, _SETTLED_SECONDS, _LOOK_SECONDS = 60.0, 0.25, 0.05
"""How long to wait for that at most, after how long without a change the engine has ended it, and how often to look."""

_LOCK_RETRY_SECONDS = 0.02


class StoreBusyError(HamakgError):
    """Another process is writing to the store."""


class _Snapshot(NamedTuple):
    """An open generation, and the descriptor that holds the shared lock on its folder."""

    name: str
    store: ox.Store
    lock: int


class VersionedStore:
    """The generations in a folder. Making this object opens and creates nothing.

    With ``fall_back``, for servers: if the newest generation cannot be read, the last one that could be is served, and
    ``read_error`` says why; else it is None. ``draft_name`` is the name of the generation that this object writes, or
    wrote last.
    """

    def __init__(self, path: Path, fall_back: bool = False) -> None:
        self.path = path
        self.read_error: str | None = None
        self.draft_name: str | None = None
        self._fall_back = fall_back
        self._drafts, self._generations = path / "drafts", path / "generations"
        self._current = os.path.join(path, "CURRENT")
        self._known: tuple[tuple[int, int], str | None] = (0, 0), None
        self._snapshots: deque[_Snapshot] = deque()
        self._opening = Lock()

    def generation(self) -> str | None:
        """The name of the newest finished generation, None if there is none yet. Only looks at one small file."""
        try:
            stat = os.stat(self._current)
            known = stat.st_ino, stat.st_mtime_ns
            if known != self._known[0]:  # the file is never changed, but replaced
                name = Path(self._current).read_text(encoding="ascii", errors="replace").strip()
                self._known = known, name if _NAME.fullmatch(name) else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self._known[1]

    def snapshot(self) -> ox.Store:
        """The newest finished generation, read-only; the same object until there is a newer one.

        No later write changes it, in this process or another. It stays on disk while the process lives, or until two
        newer ones were opened through this object. Raises HamakgError if there is no store, or if it is damaged.
        """
        return self._open_newest().store

    def named_snapshot(self) -> tuple[str, ox.Store]:
        """The name of a generation and its :meth:`snapshot`; snapshots with the same name have the same content."""
        newest = self._snapshots[-1] if self._snapshots else None  # the usual case, without a lock
        if newest is None or newest.name != self.generation():
            newest = self._open_newest()
        return newest.name, newest.store

    def snapshot_of(self, name: str) -> ox.Store:
        """The generation of this name, as :meth:`snapshot` returns the newest.

        Raises HamakgError if it was deleted. It is there as long as somebody else has a snapshot of it.
        """
        with self._opening, reporting_errors("read", self.path):
            if not self._snapshots or self._snapshots[-1].name != name:
                lock = lock_shared(self._generations / name)
                if lock is None:
                    raise HamakgError(f"the generation {name} of the store {self.path} is being removed")
                self._add_snapshot(name, lock)
            return self._snapshots[-1].store

    def close(self) -> None:
        """Gives up the generations; whoever still reads a snapshot may find its files deleted."""
        while self._snapshots:
            os.close(self._snapshots.popleft().lock)

    @contextmanager
    def open_draft(self, wait: float = 0) -> Iterator[ox.Store]:
        """Opens a draft, to be changed with the functions of :mod:`hamakg.store.graphs`.

        It becomes the next generation at the end of the block, and is deleted if the block raises. Raises HamakgError
        if the folder cannot be written or holds other files, StoreBusyError if another process is writing and has not
        finished after ``wait`` seconds.
        """
        with self._lock_for_writing(time.monotonic() + wait):
            try:
                with reporting_errors("write to", self.path):
                    self._remove_drafts()
                    self._remove_unread_generations()
                    name = self._make_name()
                    draft = self._start_draft(name)
                    self.draft_name = name
                yield draft
                with reporting_errors("write to", self.path):
                    _wait_for_merging(self._drafts / name)
                    self._publish(name, lambda folder: _copy_draft(draft, self._drafts / name, folder))
                    self._remove_unread_generations()
            finally:
                self._remove_drafts()

    def wait_for_writer(self, wait: float) -> str | None:
        """Waits until no process writes; returns the name of the newest generation then, None if there is none.

        Raises HamakgError as :meth:`open_draft` does.
        """
        with self._lock_for_writing(time.monotonic() + wait):
            return self.generation()

    def backup(self, folder: Path) -> str:
        """Makes ``folder`` a store with just the newest generation; returns its name.

        Takes milliseconds on the same file system, where the copy shares the files by hard links. Raises HamakgError if
        the folder is neither new nor empty, or cannot be written.
        """
        name, snapshot = self.named_snapshot()
        copy = VersionedStore(folder)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise HamakgError(f"{folder} already exists; name a new or an empty folder")
        with reporting_errors("write to", folder):
            copy._make_folder()
            copy._publish(name, snapshot.backup)
        return name

    def restore(self, fill: Callable[[Path], object]) -> str:
        """Makes the next generation of an Oxigraph directory that ``fill`` writes to a folder; returns its name.

        Raises what :meth:`open_draft` raises. If ``fill`` raises, nothing changes.
        """
        with self._lock_for_writing(0), reporting_errors("write to", self.path):
            self._remove_drafts()
            name = self._make_name()
            self._publish(name, fill)
            self._remove_unread_generations()
            return name

    # ---------------------------------------------------------------- reading

    def _open_newest(self) -> _Snapshot:
        with self._opening, reporting_errors("read", self.path):
            if not self._snapshots or self._snapshots[-1].name != self.generation():
                try:
                    self._open_current()
                    self.read_error = None
                except (HamakgError, OSError) as error:
                    if not self._fall_back or not self._snapshots:
                        raise
                    self.read_error = (
                        describe_error("read", self.path, error) if isinstance(error, OSError) else str(error)
                    )
            return self._snapshots[-1]

    def _open_current(self) -> None:
        self._require_format()
        while name := self.generation():
            lock = self._lock_generation(name)
            if lock is not None:
                self._add_snapshot(name, lock)
                return
        raise HamakgError(f"no store in {self.path}; make one with: hamakg build PATH --store {self.path}")

    def _lock_generation(self, name: str) -> int | None:
        """Locks a generation so that nobody deletes it; None if it is no longer the newest."""
        try:
            lock = lock_shared(self._generations / name)
        except FileNotFoundError:
            if name == self.generation():
                raise
            return None
        if lock is not None and name != self.generation():
            os.close(lock)
            return None
        return lock

    def _add_snapshot(self, name: str, lock: int) -> None:
        """Opens a generation; unlocks older ones, since pyoxigraph cannot tell when a store is no longer used."""
        self._snapshots.append(_Snapshot(name, ox.Store.read_only(str(self._generations / name)), lock))
        while len(self._snapshots) > _MAX_OPEN:
            os.close(self._snapshots.popleft().lock)

    def _require_format(self) -> None:
        """Raises HamakgError for another format. A store without the file is older than it, and of the first format."""
        file = self.path / "FORMAT"
        if file.is_file() and (found := file.read_text("utf-8", errors="replace").strip()) != _FORMAT:
            raise HamakgError(
                f"the store {self.path} is a {found!r}, and this hamakg reads a {_FORMAT!r}; use the hamakg that made"
                " it, or build it again in another folder"
            )

    # ---------------------------------------------------------------- writing

    @contextmanager
    def _lock_for_writing(self, until: float) -> Iterator[None]:
        """Holds the lock of the one writer; makes the folder if need be."""
        with reporting_errors("write to", self.path):
            self._make_folder()
            while (lock := lock_exclusively(self.path / "lock", create=True)) is None:
                if time.monotonic() >= until:
                    raise StoreBusyError(
                        f"another process is writing to the store {self.path}; try again when it has finished"
                    )
                time.sleep(_LOCK_RETRY_SECONDS)
        try:
            yield
        finally:
            os.close(lock)

    def _make_folder(self) -> None:
        if self.path.is_dir() and not self._generations.is_dir() and any(self.path.iterdir()):
            raise HamakgError(
                f"the folder {self.path} holds other files and is not a store; name an empty or a new folder"
            )
        self._require_format()
        self._generations.mkdir(parents=True, exist_ok=True)
        if self.generation() is None:
            replace_file(self.path / "FORMAT", _FORMAT)

    def _make_name(self) -> str:
        """Makes the next generation's name; its random part differs if the store was deleted and made again."""
        number = max((int(folder.name.split("-")[0]) for folder in self._list_generations()), default=0) + 1
        return f"{number:06}-{os.urandom(4).hex()}"

    def _start_draft(self, name: str) -> ox.Store:
        self._drafts.mkdir(exist_ok=True)
        draft = self._drafts / name
        if current := self.generation():
            ox.Store.read_only(str(self._generations / current)).backup(draft)
        return ox.Store(draft)

    def _publish(self, name: str, fill: Callable[[Path], object]) -> None:
        """Makes a generation the newest, once ``fill`` has written it and all of it is on the disk.

        The files that it shares with the generation before are there already; each sync takes milliseconds.
        """
        folder, current = self._generations / name, self.generation()
        synced = {path.stat().st_ino for path in (self._generations / current).iterdir()} if current else set()
        try:
            fill(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for path in (*folder.iterdir(), folder, self._generations):
            if path.stat().st_ino not in synced:
                sync(path)
        replace_file(self.path / "CURRENT", name)

    def _remove_drafts(self) -> None:
        """Deletes what it can; a draft that the caller still holds open changes its files, and is deleted next time."""
        shutil.rmtree(self._drafts, ignore_errors=True)

    def _remove_unread_generations(self) -> None:
        """Deletes the generations that are neither the newest nor read by anybody."""
        current = self.generation()
        for folder in self._list_generations():
            if folder.name != current and (lock := lock_exclusively(folder)) is not None:
                shutil.rmtree(folder)
                os.close(lock)

    def _list_generations(self) -> list[Path]:
        return [folder for folder in self._generations.iterdir() if _NAME.fullmatch(folder.name)]


def _wait_for_merging(path: Path) -> None:
    """Returns when the engine no longer merges files of the draft at ``path``, if it has large new ones.

    It merges them in the background, since each slows queries down. What it has not finished when a draft is published
    would be begun anew in each later draft, until one of them has to wait for it.
    """
    if sum(size for size, links in _find_tables(path).values() if links == 1) < _LARGE_BYTES:
        return
    changed, deadline, tables = time.monotonic(), time.monotonic() + _MERGING_SECONDS, _find_tables(path)
    while time.monotonic() < min(deadline, changed + _SETTLED_SECONDS):
        time.sleep(_LOOK_SECONDS)
        if tables != (tables := _find_tables(path)):
            changed = time.monotonic()


def _find_tables(path: Path) -> dict[str, tuple[int, int]]:
    """The engine's files of data in a folder, with their sizes and how many folders have them."""
    tables = {}
    for file in path.glob("*.sst"):
        with suppress(FileNotFoundError):
            stat = file.stat()
            tables[file.name] = stat.st_size, stat.st_nlink
    return tables


def _copy_draft(draft: ox.Store, path: Path, folder: Path) -> None:
    """Copies the draft at ``path`` to a folder of its own, since a caller may still hold the draft open.

    The copy shares the files by hard links if flushing the draft, which that needs, is sure to end. It can wait forever
    (https://github.com/facebook/rocksdb/issues/13280) once a table in memory was full; then the data is loaded again.
    Every table that is full was filled through one log; the engine keeps old logs to use their files again.
    """
    if max((log.stat().st_size for log in path.glob("*.log")), default=0) < _MAX_LOG_BYTES:
        draft.flush()
        draft.backup(folder)
        return
    copy = ox.Store(folder)
    load_quads(copy, draft)
    for graph in draft.named_graphs():
        copy.add_graph(graph)
    copy.flush()
