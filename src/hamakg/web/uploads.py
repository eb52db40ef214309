"""The files of uploads, in a folder within the store's: it has room for graphs, and uploads end up in the store.

::

    DIR/uploads/1234-…/     the uploads of one server, which holds a lock on the folder as long as it lives

A server that is killed leaves its folder behind; the next server deletes it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hamakg.engine.request_error import RequestError
from hamakg.store.files import lock_exclusively


class UploadFolder:
    """The folder for the uploads of this server. It is made for the first of them."""

    def __init__(self, store: Path) -> None:
        self._parent = store / "uploads"
        self._folder: Path | None = None
        self._lock: int | None = None

    @contextmanager
    def open_folder(self) -> Iterator[Path]:
        """Makes a folder for the files of one request, which is deleted at the end of the block.

        Raises RequestError as :meth:`reporting_errors` does.
        """
        with self.reporting_errors():
            folder = tempfile.TemporaryDirectory(dir=self._require_folder(), ignore_cleanup_errors=True)
        with folder as path:
            yield Path(path)

    @contextmanager
    def reporting_errors(self) -> Iterator[None]:
        """Turns an OSError of saving files into a RequestError ``storage``."""
        try:
            yield
        except OSError as error:
            problem = error.strerror or str(error)
            raise RequestError("storage", f"The data cannot be saved in {self._parent}: {problem}.") from error

    def remove_abandoned(self) -> None:
        """Deletes the folders of servers that are no longer alive."""
        for folder in self._parent.glob("*"):
            with suppress(OSError):
                lock = lock_exclusively(folder)
                if lock is not None:
                    shutil.rmtree(folder)
                    os.close(lock)

    def close(self) -> None:
        """Deletes the folder of this server."""
        if self._folder and self._lock is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            os.close(self._lock)
            self._folder = self._lock = None

    def _require_folder(self) -> Path:
        self._parent.mkdir(exist_ok=True)
        while self._folder is None:
            folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self._parent))
            # a server that starts at this moment may take the folder for abandoned, and delete it
            with suppress(FileNotFoundError):
                self._lock = lock_exclusively(folder)
                self._folder = folder if self._lock is not None and folder.exists() else None
        return self._folder
