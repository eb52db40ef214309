"""``/store`` follows the Graph Store HTTP Protocol; who may write, and what writes and updates change."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from pyoxigraph import RdfFormat, parse

from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from web.client import Answer, Client

TOKEN = {"Authorization": "Bearer secret"}
TURTLE, NT = "text/turtle", "application/n-triples"
G = "https://example.org/g"


@pytest.fixture(autouse=True)
def emptied(writable: Client) -> None:
    """A server whose store has neither the graph G nor triples of its own in the default graph."""
    update(writable, f"DROP SILENT GRAPH <{G}> ; CLEAR DEFAULT")


def update(client: Client, text: str) -> Answer:
    return client.post("/sparql", data=text, content_type="application/sparql-update", headers=TOKEN)


def put(
    client: Client, data: str, target: str = f"/store?graph={G}", method: str = "PUT", form: str = TURTLE
) -> Answer:
    return client.open(target, method, data=data, content_type=form, headers=TOKEN)


def triples(client: Client, target: str = f"/store?graph={G}") -> set[str]:
    response = client.get(target, headers={"Accept": NT})
    assert (response.status_code, response.mimetype) == (200, NT)
    return {str(quad.triple) for quad in parse(response.data, RdfFormat.N_TRIPLES)}


def triple(value: str) -> str:
    return f'<https://example.org/s> <https://example.org/p> "{value}"'


def test_put_creates_a_graph_or_replaces_it(writable: Client) -> None:
    first = put(writable, '<s> <p> "1" .')
    assert (first.status_code, first.headers["Location"]) == (201, G)
    assert triples(writable) == {triple("1")}
    assert put(writable, '<s> <p> "2" .').status_code == 204
    assert triples(writable) == {triple("2")}


def test_post_adds_to_a_graph(writable: Client) -> None:
    assert put(writable, '<s> <p> "1" .', method="POST").status_code == 201
    assert put(writable, '<s> <p> "2" .', method="POST").status_code == 204
    assert triples(writable) == {triple("1"), triple("2")}


def test_post_to_the_store_creates_a_graph_and_returns_its_address(writable: Client) -> None:
    """https://www.w3.org/TR/sparql11-http-rdf-update/#http-post"""
    response = put(writable, '<https://example.org/s> <https://example.org/p> "1" .', "/store", "POST")
    assert response.status_code == 201 and response.headers["Location"].startswith(writable.base + "/store/")
    assert triples(writable, response.headers["Location"]) == {triple("1")}


def test_delete_removes_a_graph(writable: Client) -> None:
    put(writable, '<s> <p> "1" .')
    assert writable.delete(f"/store?graph={G}", headers=TOKEN).status_code == 204
    assert writable.get(f"/store?graph={G}").status_code == 404
    assert writable.delete(f"/store?graph={G}", headers=TOKEN).status_code == 404


def test_an_empty_graph_exists(writable: Client) -> None:
    assert put(writable, "").status_code == 201
    assert triples(writable) == set()


def test_head_has_the_headers_of_get(writable: Client) -> None:
    put(writable, '<s> <p> "1" .')
    got, head = writable.get(f"/store?graph={G}"), writable.head(f"/store?graph={G}")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(got.data)))
    assert writable.head("/store?graph=https://example.org/none").status_code == 404


def test_an_address_below_the_store_names_a_graph(writable: Client) -> None:
    assert put(writable, '<> <p> "1" .', "/store/people/1").status_code == 201
    named = f"{writable.base}/store/people/1"
    assert triples(writable, "/store/people/1") == triples(writable, f"/store?graph={named}")
    assert triples(writable, "/store/people/1") == {f'<{named}> <{writable.base}/store/people/p> "1"'}
    assert writable.delete("/store/people/1", headers=TOKEN).status_code == 204


def test_the_default_graph_of_the_store_has_only_what_clients_wrote_to_it(writable: Client) -> None:
    """The default graph of queries is the union of all graphs."""
    assert put(writable, '<https://example.org/s> <https://example.org/p> "1" .', "/store?default").status_code == 204
    assert triples(writable, "/store?default") == {triple("1")}
    found = writable.get("/sparql", query_string={"query": f"ASK {{ {triple('1')} . ?place a ?class }}"})
    assert found.json["boolean"] is True
    assert writable.delete("/store?default", headers=TOKEN).status_code == 204
    assert triples(writable, "/store?default") == set()


def test_a_form_can_contain_several_files(writable: Client) -> None:
    files = {"a": ("a.ttl", '<s> <p> "1" .', TURTLE), "b": ("b.nt", triple("2") + " .", NT)}
    assert writable.post(f"/store?graph={G}", files=files, headers=TOKEN).status_code == 201
    assert triples(writable) == {triple("1"), triple("2")}


@pytest.mark.parametrize("value", ["1", "2"])
def test_a_written_triple_is_in_the_union_once(writable: Client, value: str) -> None:
    put(writable, '<s> <p> "1", "2" .')
    put(writable, '<https://example.org/s> <https://example.org/p> "1" .', "/store?default")
    query = f"SELECT (COUNT(*) AS ?n) {{ {triple(value)} }}"
    found = writable.get("/sparql", query_string={"query": query, "format": "csv"})
    assert found.text == "n\r\n1\r\n"


def test_the_next_query_sees_an_update(writable: Client) -> None:
    for number in range(5):
        assert update(writable, f"INSERT DATA {{ GRAPH <{G}> {{ {triple(str(number))} }} }}").status_code == 204
        assert triples(writable) == {triple(str(n)) for n in range(number + 1)}


def test_an_update_that_fails_changes_nothing(writable: Client) -> None:
    put(writable, '<s> <p> "1" .')
    response = update(writable, f"CLEAR GRAPH <{G}> ; CREATE GRAPH <{Iris().graph('entities')}>")
    assert response.status_code == 400
    assert triples(writable) == {triple("1")}


@pytest.mark.parametrize(
    ("method", "target", "headers", "content_type", "status"),
    [
        ("PUT", f"/store?graph={G}", {}, TURTLE, 401),
        ("PUT", f"/store?graph={G}", {"Authorization": "Bearer wrong"}, TURTLE, 401),
        ("PUT", f"/store?graph={G}", {"Authorization": "Basic secret"}, TURTLE, 401),
        ("PUT", f"/store?graph={G}", TOKEN, None, 415),
        ("PUT", f"/store?graph={G}", TOKEN, "text/plain", 415),
        ("PUT", f"/store?graph={G}", TOKEN, NT, 400),  # the body is Turtle
        ("PUT", "/store", TOKEN, TURTLE, 400),
        ("PUT", f"/store?graph={G}&default", TOKEN, TURTLE, 400),
        ("PUT", "/store?graph=http://[", TOKEN, TURTLE, 400),
        ("PUT", f"/store/a?graph={G}", TOKEN, TURTLE, 400),
        ("GET", "/store", {}, None, 400),
        ("PATCH", f"/store?graph={G}", TOKEN, TURTLE, 405),
        ("POST", "/sparql", {}, "application/sparql-update", 401),
    ],
)
def test_a_bad_request_changes_nothing_and_says_why(
    writable: Client, method: str, target: str, headers: dict[str, str], content_type: str | None, status: int
) -> None:
    before = writable.get("/health").json["generation"]
    response = writable.open(
        target, method, headers=headers, content_type=content_type, data="PREFIX : <a:> :s :p :o ."
    )
    assert (response.status_code, response.text.count("\n")) == (status, 1)
    assert writable.get("/health").json["generation"] == before


def test_a_server_without_a_token_refuses_writes(client: Client) -> None:
    response = put(client, '<s> <p> "1" .')
    assert (response.status_code, response.text[:25]) == (403, "This server is read-only:")


def test_the_token_is_never_shown(store: VersionedStore, tmp_path: Path) -> None:
    """Neither answers nor the log contain it."""
    command = [sys.executable, "-c", "from hamakg.cli import main; main()", "serve", "--port", "0", "--store"]
    with subprocess.Popen(
        [*command, str(store.path), "--token", "t0ps3cret"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        with closing(Client(server.stdout.readline().split()[2].rstrip("/"))) as client:
            texts = [client.put("/store?graph=x:y", headers={"Authorization": "Bearer t0ps3cre"}).text]
            texts += [client.get(path).text for path in ("/sparql", "/metrics", "/health", "/")]
        server.terminate()
        texts += server.communicate()
    assert not any("t0ps3cret" in text for text in texts)


@pytest.mark.parametrize(
    "text",
    ["LOAD <http://127.0.0.1:9/x>", "INSERT { <a:s> <a:p> ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"],
)
def test_an_update_opens_no_connection(writable: Client, text: str) -> None:
    assert update(writable, text).status_code == 403


MANY = 300_000


def count_triples(client: Client) -> str:
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"
    return client.get("/sparql", query_string={"query": query, "format": "csv"}).text.split()[1]


@pytest.mark.slow
@pytest.mark.parametrize(("form", "end"), [(NT, "."), (TURTLE, ";.")])
def test_a_graph_of_300000_triples_is_written_at_once_while_queries_are_answered(
    writable: Client, form: str, end: str
) -> None:
    """Within the default memory and time of a write. No query sees a part of the graph."""
    lines = (f'<https://example.org/s{n // 7}> <https://example.org/p> "the text {n}" {end}\n' for n in range(MANY))
    body, counts, written = "".join(lines), set[str](), Event()
    with ThreadPoolExecutor(1) as executor:

        def count_until_written() -> None:
            with closing(Client(writable.base)) as other:
                while not written.wait(0.2):
                    counts.add(count_triples(other))

        counting = executor.submit(count_until_written)
        try:
            answer = put(writable, body, form=form)
        finally:
            written.set()
        counting.result()
    assert (answer.status_code, count_triples(writable)) == (201, str(MANY))
    assert counts <= {"0", str(MANY)}
    assert writable.delete(f"/store?graph={G}", headers=TOKEN).status_code == 204
    assert count_triples(writable) == "0"


def test_a_large_body_that_is_malformed_is_refused_with_the_number_of_its_line(writable: Client) -> None:
    lines = [f'<https://example.org/s{n}> <https://example.org/p> "{"text" * 25}" .\n' for n in range(30_000)]
    lines[20_000] = '<https://example.org/s> "text" .\n'
    answer = put(writable, "".join(lines), form=NT)
    assert (answer.status_code, "at line 20001" in answer.text) == (400, True)
    assert writable.get(f"/store?graph={G}").status_code == 404
