"""The store: a folder of generations, each a finished Oxigraph directory that nothing writes to again.

::

    DIR/FORMAT                which version of hamakg's own layout and statements this is
    DIR/CURRENT               the name of the newest finished generation, replaced in one atomic step
    DIR/lock                  held by the one writer
    DIR/drafts/000008-…/      the writer's working copy of the generation to come
    DIR/generations/000007-…/ a generation; its readers hold a shared lock on the folder

Oxigraph may not read a directory that another process writes to. So the writer works on a draft, which starts as a copy
of the newest generation made of hard links (milliseconds, whatever its size), and the finished draft becomes the next
generation in the same way. A writer that dies leaves only a draft, which the next one throws away.

What stands in a generation is :mod:`hamakg.store.graphs`' matter.
"""

import fcntl
import os
import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pyoxigraph as ox

from hamakg.errors import HamakgError

_NAME = re.compile(r"\d{6,}-[0-9a-f]{8}")
_KEPT_OPEN = 2
_FORMAT = "hamakg store 1"
_LOG_BYTES = 8 * 1024 * 1024
_WAITS = 0.02


class StoreBusyError(HamakgError):
    """Another writer is at work."""


class _Snapshot(NamedTuple):
    """An open generation and the descriptor that holds the shared lock on its folder."""

    name: str
    store: ox.Store
    lease: int


class VersionedStore:
    """The generations in one folder; nothing is opened or made before it is asked for."""

    def __init__(self, path: Path, fall_back: bool = False) -> None:
        """``fall_back`` is for a server: where the newest generation cannot be read, the one before is shown."""
        self.path = path
        self.read_error: str | None = None
        self._fall_back = fall_back
        self._current = os.path.join(path, "CURRENT")
        self._known: tuple[tuple[int, int], str | None] = (0, 0), None
        self._snapshots: deque[_Snapshot] = deque()
        self._opening = Lock()

    def generation(self) -> str | None:
        """The name of the newest finished generation, None before there is one. Costs a look at one small file."""
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

        No later write touches it, in this process or another. It stays on disk while the process lives, or until two
        newer ones were taken through this Store: work on it that began before can end in peace. Raises HamakgError if
        there is no store, or a damaged one.
        """
        return self._newest().store

    def named_snapshot(self) -> tuple[str, ox.Store]:
        """:meth:`snapshot`, and the name of its generation: two snapshots of one name hold the same."""
        newest = self._snapshots[-1] if self._snapshots else None  # the usual case, without a lock
        if newest is None or newest.name != self.generation():
            newest = self._newest()
        return newest.name, newest.store

    def snapshot_of(self, name: str) -> ox.Store:
        """The generation of this name, as :meth:`snapshot` gives the newest.

        Raises HamakgError if it is gone: somebody else has to keep it, by a snapshot of its own.
        """
        with self._opening, _naming_errors("read", self.path):
            if not self._snapshots or self._snapshots[-1].name != name:
                lease = _lock_or_none(self._generations / name, os.O_RDONLY, fcntl.LOCK_SH)
                if lease is None:
                    raise HamakgError(f"the generation {name} of the store {self.path} is being removed")
                self._keep(_Snapshot(name, ox.Store.read_only(str(self._generations / name)), lease))
            return self._snapshots[-1].store

    def close(self) -> None:
        """Lets go of the generations; those who still read a snapshot may find files gone."""
        while self._snapshots:
            os.close(self._snapshots.popleft().lease)

    @contextmanager
    def open_draft(self, wait: float = 0) -> Iterator[ox.Store]:
        """A draft to change with the functions of :mod:`hamakg.store.graphs`.

        It becomes the next generation when the block ends, and is thrown away when the block raises.

        Raises HamakgError if the folder cannot be written or holds something else, StoreBusyError if another writer
        is at work, and still is after so many seconds.
        """
        with _naming_errors("write to", self.path):
            self._make_folder()
            lock = self._lock_to_write(time.monotonic() + wait)
        try:
            with _naming_errors("write to", self.path):
                self._remove_drafts()
                self._remove_unread()
                name = self._next_name()
                draft = self._start_draft(name)
            yield draft
            with _naming_errors("write to", self.path):
                self._publish(name, lambda folder: _copy(draft, self._drafts / name, folder))
                self._remove_unread()
        finally:
            self._remove_drafts()
            os.close(lock)

    def backup(self, folder: Path) -> str:
        """Makes the folder a store that holds the newest generation alone; its name.

        Takes milliseconds on the same file system, whose files it shares by hard links. Raises HamakgError if the
        folder is not new or empty, or cannot be written.
        """
        name, snapshot = self.named_snapshot()
        copy = VersionedStore(folder)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise HamakgError(f"{folder} is there already; name a new or an empty folder")
        with _naming_errors("write to", folder):
            copy._make_folder()
            copy._publish(name, snapshot.backup)
        return name

    def restore(self, fill: Callable[[Path], object]) -> str:
        """The folder that ``fill`` makes an Oxigraph directory becomes the newest generation; its name.

        Raises what :meth:`open_draft` does; nothing changes when ``fill`` raises.
        """
        with _naming_errors("write to", self.path):
            self._make_folder()
            lock = self._lock_to_write(0)
        try:
            with _naming_errors("write to", self.path):
                self._remove_drafts()
                name = self._next_name()
                self._publish(name, fill)
                self._remove_unread()
            return name
        finally:
            os.close(lock)

    @property
    def _drafts(self) -> Path:
        return self.path / "drafts"

    @property
    def _generations(self) -> Path:
        return self.path / "generations"

    def _newest(self) -> _Snapshot:
        with self._opening, _naming_errors("read", self.path):
            if not self._snapshots or self._snapshots[-1].name != self.generation():
                self._renew()
            return self._snapshots[-1]

    def _renew(self) -> None:
        """``fault`` says what is wrong with the newest generation where an older one is shown for it."""
        try:
            self._keep(self._open_current())
            self.read_error = None
        except (HamakgError, OSError) as error:
            if not self._fall_back or not self._snapshots:
                raise
            self.read_error = str(error) if isinstance(error, HamakgError) else _problem("read", self.path, error)

    def _keep(self, snapshot: _Snapshot) -> None:
        """Stores of pyoxigraph cannot tell when they are no longer used, and open their files as they need them."""
        self._snapshots.append(snapshot)
        while len(self._snapshots) > _KEPT_OPEN:
            os.close(self._snapshots.popleft().lease)

    def _open_current(self) -> _Snapshot:
        self._require_format()
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
        self._require_format()
        self._generations.mkdir(parents=True, exist_ok=True)
        if self.generation() is None:
            _write_at_once(self.path / "FORMAT", _FORMAT)

    def _require_format(self) -> None:
        """Stores made before there was this file are of the first format."""
        file = self.path / "FORMAT"
        if file.is_file() and (found := file.read_text("utf-8", errors="replace").strip()) != _FORMAT:
            raise HamakgError(
                f"the store {self.path} is a {found!r}, and this hamakg reads a {_FORMAT!r}; use the hamakg that made"
                " it, or build it anew in another folder"
            )

    def _lock_to_write(self, until: float) -> int:
        """The one writer's lock, as soon as it is free."""
        while (lock := _lock_or_none(self.path / "lock", os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX)) is None:
            if time.monotonic() >= until:
                raise StoreBusyError(
                    f"another build is writing to the store {self.path}; try again when it has finished"
                )
            time.sleep(_WAITS)
        return lock

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

    def _publish(self, name: str, fill: Callable[[Path], object]) -> None:
        """Announces the generation of this name when ``fill`` has written it and all of it is on the disk."""
        folder = self._generations / name
        try:
            fill(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for path in (*folder.iterdir(), folder, self._generations):
            _sync(path)
        _write_at_once(self.path / "CURRENT", name)

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


def _copy(draft: ox.Store, path: Path, folder: Path) -> None:
    """What the draft at ``path`` holds, in a folder of its own: a caller may still hold the draft open.

    By hard links where that is sure to end. Flushing, which they need, can wait for ever
    (https://github.com/facebook/rocksdb/issues/13280) once a table in memory was full: then all is loaded anew.
    """
    if sum(log.stat().st_size for log in path.glob("*.log")) < _LOG_BYTES:
        draft.flush()
        draft.backup(folder)
        return
    copy = ox.Store(folder)
    copy.bulk_extend(draft)
    copy.flush()


def _lock_or_none(path: Path, flags: int, kind: int) -> int | None:
    """An open, locked descriptor (flock(2): it goes with the process, works on folders, on Linux and macOS)."""
    descriptor = os.open(path, flags, 0o644)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _write_at_once(path: Path, line: str) -> None:
    """The file holds the line, or what it held before."""
    new = path.with_name(path.name + ".new")
    new.write_text(line + "\n", encoding="ascii")
    _sync(new)
    os.replace(new, path)
    _sync(path.parent)


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
        raise HamakgError(_problem(doing, path, error)) from error


def _problem(doing: str, path: Path, error: OSError) -> str:
    reason = (error.strerror or str(error)).strip().splitlines()[0]
    return f"cannot {doing} the store {path}: {reason}"
