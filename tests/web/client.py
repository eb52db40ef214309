"""A real server, started as users start it; a client for it; and the pages without a server."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask

from hamakg.rdf.iris import Iris
from hamakg.sparql.ask import Dataset, ask
from hamakg.store import VersionedStore
from hamakg.web.pages.app import create_app
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.results import QueryResult

_COMMAND = [sys.executable, "-c", "from hamakg.cli import main; main()", "serve", "--port", "0"]


CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
"""The Accept header of Chromium when it opens a page."""


@dataclass(frozen=True)
class Answer:
    """An answer."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def mimetype(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.data.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Client:
    """Sends requests to the server at ``base``, with no other headers than those given."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._session = requests.Session()
        self._session.headers.clear()

    def open(
        self,
        target: str,
        method: str = "GET",
        query_string: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: bytes | str | None = None,
        content_type: str | None = None,
        files: Any = None,
    ) -> Answer:
        sent = {**(headers or {}), **({"Content-Type": content_type} if content_type else {})}
        body = data.encode() if isinstance(data, str) else data
        address = target if target.startswith("http") else self.base + target
        response = self._session.request(
            method,
            address,
            params=query_string,
            headers=sent,
            data=body,
            files=files,
            timeout=300,
            allow_redirects=False,
        )
        return Answer(response.status_code, response.headers, response.content)

    def close(self) -> None:
        self._session.close()

    def get(self, target: str, **how: Any) -> Answer:
        return self.open(target, "GET", **how)

    def head(self, target: str, **how: Any) -> Answer:
        return self.open(target, "HEAD", **how)

    def post(self, target: str, **how: Any) -> Answer:
        return self.open(target, "POST", **how)

    def put(self, target: str, **how: Any) -> Answer:
        return self.open(target, "PUT", **how)

    def delete(self, target: str, **how: Any) -> Answer:
        return self.open(target, "DELETE", **how)

    def options(self, target: str, **how: Any) -> Answer:
        return self.open(target, "OPTIONS", **how)


@contextmanager
def process(path: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server for the store at the path, and the address that it prints when it is ready."""
    command = [*_COMMAND, "--store", str(path), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server, server.stdout.readline().split()[2].rstrip("/")
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
                raise


@contextmanager
def serving(path: Path, *options: str) -> Iterator[Client]:
    """A client of a server for the store at the path."""
    with process(path, *options) as (_, address), closing(Client(address)) as client:
        yield client


def pages(store: VersionedStore) -> Flask:
    """The pages in this process, for tests that change their parts; queries run in this process too."""

    def run(text: str, dataset: Dataset, base: str) -> QueryResult:
        return ask(store.snapshot(), text, dataset, base)

    return create_app(PageContext(Iris(), store.snapshot, run))


def value_of(page: Answer, field: str) -> str:
    """The value of an input on a page."""
    return _search(rf'<input id="{field}"[^>]*? value="([^"]*)"', page.text)


def problem_beside(page: Answer, field: str) -> str:
    """The message that an invalid field refers to by aria-describedby."""
    element = _search(rf'(<(?:input|select|textarea) id="{field}"[^>]* aria-invalid="true"[^>]*>)', page.text)
    assert f"{field}-problem" in _search(r'aria-describedby="([^"]*)"', element).split()
    return _search(rf'id="{field}-problem"[^>]*>([^<]*)<', page.text)


def _search(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"{pattern} is not in {text}"
    return match[1]
