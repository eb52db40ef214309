"""The answers of services on disk: an interrupted run continues where it stopped, and no question is asked twice."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from hamakg.errors import HamakgError

# The columns keep the names that caches of earlier versions have.
_CREATE = "CREATE TABLE IF NOT EXISTS answers (service TEXT, asked TEXT, told TEXT, PRIMARY KEY (service, asked))"
_SELECT = "SELECT told FROM answers WHERE service = ? AND asked = ?"
_INSERT = "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)"


class AnswerCache:
    """Answers by the service's address and the question; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self, service: str, questions: Iterable[str]) -> dict[str, Any]:
        """Return the cached answers to these questions, by question. Raises HamakgError if the file is unusable."""
        if self._path is None or not self._path.exists():
            return {}
        with self._open(self._path) as database:
            rows = ((question, database.execute(_SELECT, (service, question)).fetchone()) for question in questions)
            return {question: json.loads(row[0]) for question, row in rows if row}

    def write(self, service: str, answers: Mapping[str, Any]) -> None:
        """Keep answers by their questions. Raises HamakgError if the file cannot be written."""
        if self._path is None:
            return
        rows = [(service, question, json.dumps(answer, ensure_ascii=False)) for question, answer in answers.items()]
        with self._open(self._path) as database:
            database.executemany(_INSERT, rows)
            database.commit()

    @staticmethod
    @contextmanager
    def _open(path: Path) -> Iterator[sqlite3.Connection]:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path)) as database:
                database.execute(_CREATE)
                yield database
        except (OSError, sqlite3.Error) as error:
            raise HamakgError(f"the cache {path} cannot be used: {error}; name another with --cache") from error
