"""A faulty service costs a line in the report, but never a wrong link or the run. A local server plays the services."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Run
from hamakg.client import ServiceClient
from hamakg.link import ItemSource, ask_sources, link_things
from hamakg.link.items import WIKIDATA
from hamakg.link.sources import reconciliation, wikidata
from hamakg.link.sources.answer_cache import AnswerCache
from hamakg.link.sources.batches import Lookup
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.store import VersionedStore

Fault = Callable[[BaseHTTPRequestHandler], None]
ARTICLE = "https://w3id.org/hamakg/graph/article/a"


class Service(ThreadingHTTPServer):
    """Plays the ``faults`` in order, then answers each form with ``answer``; keeps the forms in ``asked``."""

    daemon_threads = True

    def __init__(self, answer: Callable[[dict[str, str]], object]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.faults, self.asked, self.agents = answer, list[Fault](), list[dict[str, str]](), list[str]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.agents.append(self.headers["User-Agent"])
        self.server.asked.append({key: values[0] for key, values in parse_qs(body).items()})
        if self.server.faults:
            self.server.faults.pop(0)(self)
        else:
            send(json.dumps(self.server.answer(self.server.asked[-1])).encode())(self)

    def log_message(self, *_: object) -> None:
        pass


def send(body: bytes, status: int = 200, **headers: str) -> Fault:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return play


def hang(handler: BaseHTTPRequestHandler) -> None:
    threading.Event().wait(1.5)
    handler.close_connection = True


HTML = send(b"<html>a proxy</html>")
OTHER = send(b'{"hello": "world"}')
LAG = send(json.dumps({"error": {"code": "maxlag"}}).encode(), Retry_After="0")
FAULTS = {
    "429": [send(b"", 429, Retry_After="0")] * 2,
    "5xx": [send(b"", 503), send(b"", 500)],
    "lag": [LAG, LAG],
    "slow": [hang],
    "HTML": [HTML],
}


def serving(answer: Callable[[dict[str, str]], object]) -> Iterator[Service]:
    with Service(answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def link_by(things: Mapping[Ref, Thing], source: ItemSource) -> tuple[EntityLink, ...]:
    return link_things(things, [], ask_sources(things, [source])).links


# ---------------------------------------------------------------- sitelinks


def entity(id_: str, label: str, title: str, type_: str = "Q3957", aliases: tuple[str, ...] = ()) -> dict[str, Any]:
    def claim(value: object) -> dict[str, Any]:
        return {"rank": "normal", "mainsnak": {"datavalue": {"value": value}}}

    return {
        "id": id_,
        "labels": {"en": {"language": "en", "value": label}},
        "aliases": {"en": [{"language": "en", "value": alias} for alias in aliases]},
        "descriptions": {},
        "claims": {"P31": [claim({"id": type_})], "P625": [claim({"latitude": 35.29, "longitude": 36.75})]},
        "sitelinks": {"enwiki": {"site": "enwiki", "title": title}},
    }


ENTITIES = {
    "Suran, Syria": entity("Q7645373", "Souran", "Suran, Syria"),
    "Xardos (town)": entity("Q23", "Xardōs", "Xardos (town)"),
    "Merged town": entity("Q22", "Merged town", "Merged town"),
    "Bashar al-Assad": entity("Q44329", "Bashar al-Assad", "Bashar al-Assad", "Q5"),
}


def wikibase(asked: Mapping[str, str]) -> object:
    titles = asked["titles"].split("|")
    there = {ENTITIES[title]["id"]: ENTITIES[title] for title in titles if title in ENTITIES}
    gone = [title for title in titles if title not in ENTITIES]
    return {
        "success": 1,
        "entities": there | {f"-{n}": {"site": "enwiki", "title": t, "missing": ""} for n, t in enumerate(gone, 1)},
    }


@pytest.fixture
def api() -> Iterator[Service]:
    yield from serving(wikibase)


def place(name: str, page: str) -> Thing:
    address = f"https://en.wikipedia.org/wiki/{page.replace(' ', '_')}"
    return Thing(f"place/{name.lower()}", ("Place",), (name,), {ARTICLE: 1}, pages=(address,))


SURAN = place("Suran", "Suran, Syria")


def link_by_pages(api: Service, *things: Thing, cache: Path | None = None) -> tuple[dict[str, str], list[str]]:
    """Returns the accepted items of the things, and the lines that were reported."""
    reports: list[str] = []
    source = wikidata.build_source(
        ServiceClient(api.url, "a@b.example", 0.01, (1, 1)), Lookup(AnswerCache(cache), reports.append)
    )
    links = link_by({thing.ref: thing for thing in things}, source)
    return {x.subject: x.object.removeprefix(WIKIDATA) for x in links if x.status is LinkStatus.ACCEPTED}, reports


def test_the_item_of_a_linked_page_is_accepted_with_its_coordinates(api: Service) -> None:
    source = wikidata.build_source(ServiceClient(api.url), Lookup(AnswerCache(None), print))
    (link,) = link_by({SURAN.ref: SURAN}, source)
    assert (link.status, link.object, link.object_label) == (LinkStatus.ACCEPTED, WIKIDATA + "Q7645373", "Souran")
    assert link.location and (link.location.latitude, link.location.source) == ("35.29", "Wikidata, CC0 1.0")


def test_an_item_whose_label_or_class_disagrees_is_not_linked(api: Service) -> None:
    wrong_label, wrong_class = place("Hama", "Suran, Syria"), place("Bashar al-Assad", "Bashar al-Assad")
    assert link_by_pages(api, wrong_label, wrong_class) == ({}, [])


def test_a_page_without_an_item_gives_no_link(api: Service) -> None:
    assert link_by_pages(api, place("Nowhere", "Nowhere")) == ({}, [])


def test_requests_are_batched_and_name_the_client(api: Service) -> None:
    link_by_pages(api, *(place(f"Place {n}", f"Place {n}") for n in range(wikidata.BATCH + 10)))
    assert [len(a["titles"].split("|")) for a in api.asked] == [wikidata.BATCH, 10]
    assert {a["maxlag"] for a in api.asked} == {"5"}
    assert all(agent.startswith("hamakg/") and agent.endswith(" (a@b.example)") for agent in api.agents)


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_passing_faults_are_waited_for(api: Service, faults: list[Fault]) -> None:
    api.faults = list(faults)
    assert link_by_pages(api, SURAN) == ({"place/suran": "Q7645373"}, [])


@pytest.mark.parametrize(
    "fault", [send(b"", 404), HTML, OTHER, send(b"[]"), send(b'{"error": {"code": "x", "info": "no"}}')]
)
def test_lasting_faults_are_reported_and_give_no_link(api: Service, fault: Fault) -> None:
    api.faults = [fault] * 20
    found, reports = link_by_pages(api, SURAN)
    assert (found, len(reports)) == ({}, 1) and reports[0].startswith("1 pages could not be looked up: ")


def test_a_failing_service_is_not_asked_any_further(api: Service) -> None:
    api.faults = [send(b"", 404)] * 20
    _, reports = link_by_pages(api, *(place(f"Place {n}", f"Place {n}") for n in range(10 * wikidata.BATCH)))
    assert len(api.asked) == 3 and "was not asked any further" in reports[-1]


WORDS = st.sampled_from(["", "Q7", "Q0", "x", "1e9"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "id", "en", "P31"]), inner),
    max_leaves=8,
)
PARTS = st.dictionaries(st.sampled_from(["id", "labels", "aliases", "descriptions", "claims"]), JSON)
CLAIMS = st.dictionaries(st.sampled_from(["P31", "P625", "P17"]), JSON)


@pytest.fixture(scope="module")
def odd_api() -> Iterator[Service]:
    yield from serving(wikibase)


@given(parts=PARTS, claims=CLAIMS)
def test_the_run_continues_whatever_the_answer(odd_api: Service, parts: dict[str, Any], claims: dict[str, Any]) -> None:
    """Malformed parts of an entity are ignored, and no other item than the entity's own is ever accepted."""
    odd = {**ENTITIES["Suran, Syria"], **parts, **({"claims": claims} if claims else {})}
    odd_api.answer = lambda asked: {"entities": [odd, 7, {"sitelinks": []}]}
    found, reports = link_by_pages(odd_api, SURAN)
    assert (reports, found.get("place/suran", odd["id"])) == ([], odd["id"])


def test_the_command_asks_for_the_linked_pages(api: Service, hamakg: Run, tmp_path: Path) -> None:
    """From wikitext to links and coordinates; the second run takes the answers from the cache."""
    box = "{{Infobox military conflict|conflict=Battle of Aba|date=2 May 2017|place=[[Xardos (town)|Xardos]]}}"
    (tmp_path / "aba.wiki").write_text(f"{box}\nOn 2 May 2017, the rebels captured [[Xardos (town)|Xardos]].\n")
    assert hamakg("build", "aba.wiki").returncode == 0
    command = ("link", "--wikidata", "--api", api.url, "--cache", "answers.sqlite", "--contact", "a@b.example")
    assert hamakg(*command, "--dry-run").returncode == 0
    assert "Xardos (town)" in api.asked[0]["titles"].split("|") and api.agents[0].endswith(" (a@b.example)")
    api.asked.clear()
    assert hamakg(*command).returncode == 0 and api.asked == []
    row = hamakg("export", "--format", "sssom").stdout.decode().splitlines()[-1].split("\t")
    assert row[:6] == ["resource:place/xardos", "Xardos", "skos:exactMatch", "", "wikidata:Q23", "Xardōs"]
    assert row[-3:] == ["35.29", "36.75", "Wikidata, CC0 1.0"]


def test_an_interrupted_run_continues_where_it_stopped(api: Service, tmp_path: Path) -> None:
    others = [place(f"Place {n}", f"Place {n}") for n in range(wikidata.BATCH)]
    api.faults = [send(json.dumps(wikibase({"titles": "|".join(sorted(t.pages[0][30:] for t in others))})).encode())]
    api.faults.append(send(b"", 404))
    assert link_by_pages(api, SURAN, *others, cache=tmp_path / "c" / "answers.sqlite")[0] == {}
    api.asked.clear()
    assert link_by_pages(api, SURAN, *others, cache=tmp_path / "c" / "answers.sqlite") == (
        {"place/suran": "Q7645373"},
        [],
    )
    assert [a["titles"] for a in api.asked] == ["Suran, Syria"]
    api.asked.clear()
    assert link_by_pages(api, SURAN, *others, cache=tmp_path / "c" / "answers.sqlite")[0] == {"place/suran": "Q7645373"}
    assert api.asked == []


# ---------------------------------------------------------------- reconciliation


def service(asked: Mapping[str, str]) -> object:
    """A service that calls everything a match, and gives no classes."""
    queries = json.loads(asked["queries"])
    return {
        key: {
            "result": [{"id": "Q7645373", "name": "Souran", "score": 100, "match": True}]
            if q["query"] == "Suran"
            else []
        }
        for key, q in queries.items()
    }


@pytest.fixture
def endpoint() -> Iterator[Service]:
    yield from serving(service)


def link_by_service(endpoint: Service, *things: Thing) -> tuple[list[tuple[str, LinkStatus]], list[str]]:
    reports: list[str] = []
    source = reconciliation.build_source(
        ServiceClient(endpoint.url, pause=0.01, timeout=(1, 1)), Lookup(AnswerCache(None), reports.append)
    )
    links = link_by({thing.ref: thing for thing in things}, source)
    return [(link.object.removeprefix(WIKIDATA), link.status) for link in links], reports


def test_a_services_own_verdict_does_not_count(endpoint: Service) -> None:
    assert link_by_service(endpoint, SURAN) == ([("Q7645373", LinkStatus.PROPOSED)], [])


def test_a_query_names_the_classes_that_a_thing_may_be_of() -> None:
    asked = reconciliation.build_query(Thing("actor/russia", ("State",), ("Russia",), {ARTICLE: 1}))
    assert asked == {"query": "Russia", "limit": 5, "type": ["Q3624078", "Q6256", "Q7275"], "type_strict": "should"}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_a_service_with_a_passing_fault_is_asked_again(endpoint: Service, faults: list[Fault]) -> None:
    endpoint.faults = list(faults)
    assert link_by_service(endpoint, SURAN) == ([("Q7645373", LinkStatus.PROPOSED)], [])


DEEP, LONG = send(b"[" * 100_000), send(b'{"q0": {"result": [' + b"9" * 6000 + b"]}}")


@pytest.mark.parametrize("fault", [send(b"", 404), HTML, OTHER, send(b'{"q0": {"result": 7}}'), DEEP, LONG])
def test_a_broken_service_is_reported_and_gives_no_link(endpoint: Service, fault: Fault) -> None:
    endpoint.faults = [fault] * 20
    found, reports = link_by_service(endpoint, SURAN)
    assert (found, len(reports)) == ([], 1) and reports[0].startswith("1 names could not be looked up: ")


def test_an_unreachable_service_is_asked_only_once(tmp_path: Path) -> None:
    """The other batches of a hundred names are not tried."""
    reports: list[str] = []
    away = ServiceClient("http://127.0.0.1:9/api", pause=0.001, timeout=(1, 1))
    source = reconciliation.build_source(away, Lookup(AnswerCache(None), reports.append))
    things = [Thing(f"place/x{n}", ("Place",), (f"X{n}",), {ARTICLE: 1}) for n in range(100)]
    assert source.find_items(things) == {}
    assert [line.partition(": ")[0] for line in reports] == [
        "20 names could not be looked up",
        "http://127.0.0.1:9/api was not asked any further; run hamakg link again later to continue",
    ]


def test_malformed_results_are_skipped() -> None:
    results = [
        7,
        {"id": "P31", "name": "x"},
        {"id": "Q0x", "name": "x"},
        {"id": "Q1"},
        {"id": "Q1", "name": "Xan", "type": "Q5"},
    ]
    assert [(item.id, item.label, item.types) for item in reconciliation.read_results(results)] == [
        ("Q1", "Xan", ("Q5",))
    ]
    assert list(reconciliation.read_results("nothing")) == []


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize("url", ["", "x", "ftp://a/b", "http://", "http://[::1", "http://a:b/"])
def test_an_endpoint_that_is_not_a_web_address_is_refused(hamakg: Run, seeds_store: VersionedStore, url: str) -> None:
    done = hamakg("link", "--store", seeds_store.path, "--dry-run", "--endpoint", url)
    wrong = f"hamakg: {url!r} is not a web address; it must begin with http:// or https://\n"
    assert (done.returncode, done.stderr.decode(), done.stdout) == (2, wrong, b"")


def test_a_contact_that_cannot_stand_in_a_header_is_refused(hamakg: Run, seeds_store: VersionedStore) -> None:
    command = ("link", "--store", seeds_store.path, "--dry-run", "--endpoint", "http://127.0.0.1:9/")
    done = hamakg(*command, "--contact", "Łukasz")
    assert (done.returncode, done.stdout) == (
        2,
        b"",
    ) and "the contact 'Łukasz' goes into a header; use only printable ASCII" in done.stderr.decode()
