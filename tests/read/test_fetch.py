"""Articles are fetched politely from a MediaWiki API, here a local server, whatever goes wrong on the network."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from hamakg.errors import HamakgError, UsageError
from hamakg.read import read_document
from hamakg.read.fetch import BATCH, ArticleFetcher, FetchedArticle, MissingPage, parse_title, read_stored_revision

TEXT = "{{Infobox military conflict|conflict=%s}}\n'''%s''' fell on 2 May 2017."
Fault = Callable[[BaseHTTPRequestHandler], None]


class Wiki(ThreadingHTTPServer):
    """A MediaWiki API with these pages (title: revision); its first answers are the ``faults``, in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.requests: list[dict[str, str]] = []
        self.agents: list[str] = []

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/w/api.php"

    def answer(self, form: dict[str, str]) -> dict[str, Any]:
        titles = [self.redirects.get(title, title) for title in form["titles"].split("|")]
        return {"batchcomplete": True, "query": {"pages": [self._page(title, form["rvprop"]) for title in titles]}}

    def _page(self, title: str, properties: str) -> dict[str, Any]:
        if "[" in title:
            return {"title": title, "invalidreason": 'contains "["', "invalid": True}
        if title not in self.pages:
            return {"ns": 0, "title": title, "missing": True}
        revision: dict[str, Any] = {"revid": self.pages[title], "parentid": 1}
        if "content" in properties:
            text = TEXT % (title, title)
            revision |= {"timestamp": "2026-01-01T00:00:00Z", "slots": {"main": {"content": text}}}
        return {"pageid": 5, "ns": 0, "title": title, "revisions": [revision]}


class _Handler(BaseHTTPRequestHandler):
    server: Wiki

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.agents.append(self.headers["User-Agent"])
        if self.server.faults:
            self.server.faults.pop(0)(self)
            return
        form = {key: values[0] for key, values in parse_qs(body).items()}
        self.server.requests.append(form)
        send(json.dumps(self.server.answer(form)).encode())(self)

    def log_message(self, *_: object) -> None:
        pass


def send(body: bytes, status: int = 200, length: int | None = None, **headers: str) -> Fault:
    """An answer; it is cut off if ``length`` is more than the length of the body."""

    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return play


def hang(handler: BaseHTTPRequestHandler) -> None:
    threading.Event().wait(1.5)
    handler.close_connection = True


LAG = send(json.dumps({"error": {"code": "maxlag", "info": "Waiting"}}).encode(), Retry_After="0")


@pytest.fixture
def wiki() -> Iterator[Wiki]:
    with Wiki() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        server.pages = {"Battle of Xan": 7, "Siege of Yan": 8}
        yield server
        server.shutdown()


def fetch(wiki: Wiki, folder: Path, *names: str) -> list[FetchedArticle | MissingPage]:
    return list(ArticleFetcher(wiki.api, "a@b.example", pause=0.01, timeout=(1, 1)).fetch(names, folder))


def test_an_article_is_stored_with_its_revision_as_build_reads_it(wiki: Wiki, tmp_path: Path) -> None:
    path = tmp_path / "out" / "battle-of-xan.xml"
    assert fetch(wiki, tmp_path / "out", "Battle_of_Xan") == [FetchedArticle("Battle of Xan", "7", path, "new")]
    (article,) = read_document(path)
    assert (article.title, article.revision) == ("Battle of Xan", "7")
    assert [p.text for p in article.paragraphs] == ["Battle of Xan fell on 2 May 2017."]


def test_a_changed_article_is_fetched_again_and_a_current_one_is_not(wiki: Wiki, tmp_path: Path) -> None:
    fetch(wiki, tmp_path, "Battle of Xan", "Siege of Yan")
    wiki.pages["Siege of Yan"], wiki.requests[:] = 9, []
    found = fetch(wiki, tmp_path, "Battle of Xan", "Siege of Yan")
    assert [(f.title, f.outcome) for f in found if isinstance(f, FetchedArticle)] == [
        ("Battle of Xan", "unchanged"),
        ("Siege of Yan", "changed"),
    ]
    assert [(a["titles"], a["rvprop"]) for a in wiki.requests] == [
        ("Battle of Xan|Siege of Yan", "ids"),
        ("Siege of Yan", "ids|timestamp|content"),
    ]
    assert read_stored_revision(tmp_path / "siege-of-yan.xml") == "9"


def test_titles_without_a_page_are_reported_and_the_others_are_fetched(wiki: Wiki, tmp_path: Path) -> None:
    wiki.redirects["Xan"] = "Battle of Xan"
    found = fetch(wiki, tmp_path, "Nowhere", "A[b", "Xan")
    assert found[:2] == [MissingPage("Nowhere", "no such page"), MissingPage("A[b", 'contains "["')]
    assert [f.title for f in found[2:]] == ["Battle of Xan"]


def test_requests_name_a_contact_are_batched_and_set_maxlag(wiki: Wiki, tmp_path: Path) -> None:
    wiki.pages = {f"Battle {n}": n for n in range(1, BATCH + 11)}
    assert len(fetch(wiki, tmp_path, *wiki.pages)) == BATCH + 10
    assert [len(a["titles"].split("|")) for a in wiki.requests] == [BATCH, BATCH, 10, 10]
    assert {a["maxlag"] for a in wiki.requests} == {"5"}
    assert all(agent.startswith("hamakg/") and agent.endswith(" (a@b.example)") for agent in wiki.agents)


@pytest.mark.parametrize(
    "faults",
    [
        [send(b"", 429, Retry_After="0"), send(b"", 429, Retry_After="0")],
        [send(b"", 503), send(b"", 500)],
        [LAG, LAG],
        [send(b'{"query": {', length=500)],
        [hang],
        [send(b"<html>a proxy</html>")],
    ],
    ids=["429", "5xx", "maxlag", "cut off", "too slow", "not JSON"],
)
def test_a_passing_fault_is_retried(wiki: Wiki, tmp_path: Path, faults: list[Fault]) -> None:
    wiki.faults = list(faults)
    assert [f.title for f in fetch(wiki, tmp_path, "Battle of Xan")] == ["Battle of Xan"]
    assert wiki.faults == []


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (send(b"", 404), "{api} answers 404; check the address"),
        (LAG, "{api} is too busy; try again later"),
        (send(b"<html>"), "{api} does not answer with a JSON object; is it the address of an api.php?"),
        (send(b'{"error": {"code": "x", "info": "no way"}}'), "{api} refuses: no way"),
    ],
    ids=["404", "busy for long", "another page", "an error of the API"],
)
def test_a_lasting_fault_is_reported_in_one_line(wiki: Wiki, tmp_path: Path, fault: Fault, wrong: str) -> None:
    wiki.faults = [fault] * 40
    with pytest.raises(HamakgError) as error:
        fetch(wiki, tmp_path, "Battle of Xan")
    assert str(error.value) == wrong.format(api=wiki.api)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("when", ["3600", "Fri, 31 Dec 9999 23:59:59 GMT"], ids=["seconds", "date"])
def test_a_demand_to_wait_for_long_is_reported_and_not_waited_for(wiki: Wiki, tmp_path: Path, when: str) -> None:
    wiki.faults = [send(b"", 429, Retry_After=when)] * 2
    with pytest.raises(HamakgError, match=r" asks to wait \d+ s; run the command again later$"):
        fetch(wiki, tmp_path, "Battle of Xan")
    assert len(wiki.faults) == 1


def test_an_unreachable_server_is_reported(tmp_path: Path) -> None:
    with pytest.raises(HamakgError, match=r"http://127\.0\.0\.1:9/api\.php cannot be reached \(.*refused"):
        list(ArticleFetcher("http://127.0.0.1:9/api.php", pause=0.001).fetch(["Battle of Xan"], tmp_path))


def test_an_interrupted_run_continues_where_it_stopped(wiki: Wiki, tmp_path: Path) -> None:
    wiki.pages = {f"Battle {n}": n for n in range(1, 2 * BATCH + 1)}
    run = ArticleFetcher(wiki.api, pause=0.01).fetch(list(wiki.pages), tmp_path)
    for _ in range(BATCH):
        next(run)
    wiki.requests[:] = []
    found = fetch(wiki, tmp_path, *wiki.pages)
    assert [f.outcome for f in found if isinstance(f, FetchedArticle)] == ["unchanged"] * BATCH + ["new"] * BATCH
    assert [a["rvprop"] for a in wiki.requests] == ["ids", "ids", "ids|timestamp|content"]


def test_a_broken_file_is_fetched_again(wiki: Wiki, tmp_path: Path) -> None:
    (tmp_path / "battle-of-xan.xml").write_text("<mediawiki><page>")
    assert [f.outcome for f in fetch(wiki, tmp_path, "Battle of Xan") if isinstance(f, FetchedArticle)] == ["changed"]
    assert read_stored_revision(tmp_path / "battle-of-xan.xml") == "7"


API = "https://en.wikipedia.org/w/api.php"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Battle_of_Xan", "Battle of Xan"),
        ("https://en.wikipedia.org/wiki/Battle_of_Xan_(1941)#Aftermath", "Battle of Xan (1941)"),
        ("https://en.m.wikipedia.org/wiki/Kiss%C3%B3", "Kissó"),
        ("https://en.wikipedia.org/w/index.php?title=A_B&oldid=3", "A B"),
    ],
)
def test_a_title_is_parsed_from_a_title_or_a_url(name: str, title: str) -> None:
    assert parse_title(name, API) == title


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("https://de.wikipedia.org/wiki/A", "not on en.wikipedia.org; name the API of its site with --api"),
        ("https://en.wikipedia.org/", "has no title; the address of an article ends in /wiki/TITLE"),
    ],
)
def test_a_url_without_a_page_of_the_site_is_a_usage_error(name: str, wrong: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_title(name, API)
    assert str(error.value) == f"{name}: {wrong}"
