"""What services answered, kept on disk: a run that was cut off goes on where it ended, and nobody is asked twice."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from hamakg.errors import HamakgError

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS answers (service TEXT, asked TEXT, told TEXT, PRIMARY KEY (service, asked))
"""


class Cache:
    """Answers by the service's address and what it was asked; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def known(self, service: str, asked: Iterable[str]) -> dict[str, Any]:
        """What is kept of these questions, by question."""
        if self._path is None or not self._path.exists():
            return {}
        with self._open() as database:
            rows = (
                (
                    key,
                    database.execute(
                        "SELECT told FROM answers WHERE service = ? AND asked = ?", (service, key)
                    ).fetchone(),
                )
                for key in asked
            )
            return {key: json.loads(row[0]) for key, row in rows if row}

    def keep(self, service: str, answers: Mapping[str, Any]) -> None:
        """Keeps answers by their questions, at once."""
        if self._path is None:
            return
        rows = [(service, key, json.dumps(told, ensure_ascii=False)) for key, told in answers.items()]
        with self._open() as database:
            database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)
            database.commit()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        assert self._path is not None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path)) as database:
                database.execute(_SCHEMA)
                yield database
        except (OSError, sqlite3.Error) as error:
            raise HamakgError(f"the cache {self._path} cannot be used: {error}; name another with --cache") from error
