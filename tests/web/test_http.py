"""Hosts, ``OPTIONS *``, graphs whose names are not ASCII or no IRIs, and numbers of any length."""

import socket
from urllib.parse import quote, urlsplit

import pytest

from web.client import Client

TOKEN = {"Authorization": "Bearer secret"}


def status_of(client: Client, head: bytes) -> int:
    """The status of the answer to a request with this head, which has no body."""
    address = urlsplit(client.base)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as raw:
        raw.sendall(head + b"\r\nConnection: close\r\n\r\n")
        return int(raw.recv(65536).split()[1])


TARGETS = [b"/", b"/sparql?query=ASK%7B%7D", b"/reconcile", b"/review", b"/health", b"/resource/place/aba", b"/store"]
NO_HOSTS = [b"x:y", b"x:99999", b"a" * 64, b"a" * 64 + b".org", b"a..b", b"", b"\xe4", b"a b", b"x/y", b"u@x", b"[::1"]
NO_HOSTS += [b"[1.2]", b'a"<b', b"x\r\nHost: y", b".".join([b"a"] * 200)]


@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_host_that_is_none_is_a_bad_request_everywhere(writable: Client, host: bytes) -> None:
    heads = [b"GET " + target + b" HTTP/1.1\r\nHost: " + host for target in TARGETS]
    heads += [b"POST /store HTTP/1.1\r\nAuthorization: Bearer secret\r\nContent-Type: text/turtle\r\nHost: " + host]
    heads += [b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nAccept: text/html\r\nHost: " + host]
    assert {head: status_of(writable, head) for head in heads} == dict.fromkeys(heads, 400)


@pytest.mark.parametrize("host", [b"x", b"x:", b"x:80", b"a_b.example.org.", b"127.0.0.1:80", b"[::1]:80", b"a" * 63])
def test_a_host_is_accepted(writable: Client, host: bytes) -> None:
    assert status_of(writable, b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: " + host) == 200


def test_only_http_1_1_requires_a_host(writable: Client) -> None:
    """https://www.rfc-editor.org/rfc/rfc9112#section-3.2"""
    assert status_of(writable, b"GET / HTTP/1.1\r\nX: y") == 400
    assert status_of(writable, b"GET / HTTP/1.0\r\nX: y") == 200


def test_options_may_be_about_the_whole_server(writable: Client) -> None:
    """https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7"""
    assert status_of(writable, b"OPTIONS * HTTP/1.1\r\nHost: x") == 204
    assert status_of(writable, b"GET * HTTP/1.1\r\nHost: x") == 400


GRAPHS = [
    ("https://example.org/حماة", "https://example.org/%D8%AD%D9%85%D8%A7%D8%A9"),
    ("https://bücher.example/ä?ö#ü", "https://b%C3%BCcher.example/%C3%A4?%C3%B6#%C3%BC"),
    ("https://example.org/a%20b'(c)[]", "https://example.org/a%20b'(c)[]"),
    ("urn:\U0001f600", "urn:%F0%9F%98%80"),
]


@pytest.mark.parametrize(("iri", "location"), GRAPHS[:2] + GRAPHS[3:])
def test_a_graph_may_have_a_name_in_any_script(writable: Client, iri: str, location: str) -> None:
    """The Location of a new one is the name as a URI (https://www.rfc-editor.org/rfc/rfc3987#section-3.1)."""
    target = f"/store?graph={quote(iri)}"
    answer = writable.put(target, data="<a:a> <a:b> 1 .", content_type="text/turtle", headers=TOKEN)
    assert (answer.status_code, answer.headers["Location"]) == (201, location)
    assert writable.get(target).status_code == 200
    assert writable.delete(target, headers=TOKEN).status_code == 204


def test_the_location_of_a_graph_below_store_leads_to_it(writable: Client) -> None:
    """Also if it was made with a POST, or with a name outside ASCII."""
    named = writable.put("/store/حماة", data="<a:a> <a:b> 1 .", content_type="text/turtle", headers=TOKEN)
    unnamed = writable.post("/store", data="<a:a> <a:b> 2 .", content_type="text/turtle", headers=TOKEN)
    for answer, value in ((named, "1"), (unnamed, "2")):
        assert answer.status_code == 201
        found = writable.get(answer.headers["Location"], headers={"Accept": "application/n-triples"})
        assert f'"{value}"' in found.text


@pytest.mark.parametrize(
    "name", ["https://x.org/a\nb", "\nhttps://x.org/ab", "https://x.org/a\tb", "a\rb", " a", "a b"]
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "GET"])
def test_a_graph_has_no_control_characters_in_its_name(writable: Client, method: str, name: str) -> None:
    """They are not removed from it either: the request is about no other graph."""
    data = "<a:a> <a:b> 1 ." if method in ("PUT", "POST") else None
    target = f"/store?graph={quote(name)}"
    answer = writable.open(target, method, data=data, content_type="text/turtle", headers=TOKEN)
    assert (answer.status_code, answer.text) == (
        400,
        f"The name of the graph contains the character U+{ord(next(c for c in name if c.isspace())):04X}; an IRI cannot"
        " contain it.\n",
    )


@pytest.mark.parametrize("character", ["\u2028", "\u202e", "\u0085", "\x00"])
def test_a_graph_has_no_invisible_line_or_direction_in_its_name(writable: Client, character: str) -> None:
    target = f"/store?graph={quote(f'https://x.org/a{character}b')}"
    answer = writable.put(target, data="<a:a> <a:b> 1 .", content_type="text/turtle", headers=TOKEN)
    assert answer.status_code == 400 and f"U+{ord(character):04X}" in answer.text


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 20, "9" * 4400, "0" * 4400 + "2"])
def test_a_limit_may_be_any_number(client: Client, digits: str) -> None:
    """No answer has as many rows as the largest number that the engine can read, so a larger one means the same."""
    query = f"SELECT ?x {{ VALUES ?x {{ 1 2 }} }} LIMIT {digits}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.text) == (200, "x\r\n1\r\n2\r\n")
    query = f"SELECT ?x {{ VALUES ?x {{ 1 2 3 }} }} OFFSET {digits}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.text) == (200, "x\r\n3\r\n" if digits.endswith("02") else "x\r\n")


def test_a_number_that_the_engine_cannot_read_is_named_in_the_error(client: Client) -> None:
    query = f"SELECT * {{ {{ SELECT * {{}} LIMIT {'9' * 4400} }} }}"
    answer = client.get("/sparql", query_string={"query": query})
    assert answer.status_code == 400
    assert "the number there is larger than 18446744073709551615" in answer.text
