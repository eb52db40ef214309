"""Every limit is reported, by an error, a header or a broken connection, and stops the work that exceeds it."""

import http.client
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests

from hamakg.store import VersionedStore
from web.client import Client, process, serving
from web.test_serve import RUNAWAY, engine_processes

UNBOUNDED_PATHS = "SELECT (COUNT(*) AS ?n) { ?a (<a:x>|!<a:y>)* ?b . ?b (<a:x>|!<a:y>)* ?c . ?d (<a:x>|!<a:y>)* ?e }"


@pytest.fixture(scope="module")
def limited(store: VersionedStore) -> Iterator[Client]:
    with serving(store.path, "--timeout", "1", "--max-rows", "10", "--max-megabytes", "1") as client:
        yield client


def ask(client: Client, query: str, form: str = "csv") -> requests.Response:
    return requests.get(f"{client.base}/sparql", params={"query": query, "format": form}, timeout=60)


def test_a_query_that_takes_too_long_is_stopped_with_an_error(limited: Client) -> None:
    begun = time.monotonic()
    response = ask(limited, RUNAWAY)
    assert (response.status_code, response.text) == (503, "The query ran longer than 1 s and was stopped.\n")
    assert time.monotonic() - begun < 3


NUMBERS = " ".join(map(str, range(25)))


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_the_links_of_a_cut_answer_lead_to_all_rows(limited: Client, form: str) -> None:
    query, found, cut = f"SELECT ?n {{ VALUES ?n {{ {NUMBERS} }} }} ORDER BY ?n # all", list[str](), list[bool]()
    response = ask(limited, query, form)
    while True:
        found += re.findall(r"(?<![\w#.])\d+(?=[\s<\"])", response.text)
        cut.append("Hamakg-Cut" in response.headers)
        if "next" not in response.links:
            break
        response = requests.get(response.links["next"]["url"], timeout=60)
    assert cut == [True, True, False]
    assert found == [str(n) for n in range(25)]


@pytest.mark.parametrize("rows", [9, 10, 11])
def test_an_answer_is_called_cut_only_if_there_are_more_rows(limited: Client, rows: int) -> None:
    marks = "},{<result>\\n"  # what is between rows in an answer, here within a literal
    values = " ".join(f'"{marks}{n}"' for n in range(rows))
    for form in ("csv", "json", "xml"):
        response = ask(limited, f"SELECT ?n {{ VALUES ?n {{ {values} }} }}", form)
        assert ("Hamakg-Cut" in response.headers) is (rows > 10)


def test_an_answer_with_too_many_bytes_is_an_error(limited: Client) -> None:
    response = ask(limited, f"SELECT (STRLEN(?x) AS ?n) ?x {{ BIND({_repeated(2)} AS ?x) }}")
    assert (response.status_code, response.text) == (
        503,
        "The answer is larger than 1048576 bytes; ask for parts of it with LIMIT.\n",
    )


def _repeated(megabytes: int) -> str:
    """A SPARQL expression for a text of this many megabytes."""
    text = "'aa'" if megabytes == 2 else "'a'"
    for _ in range(5):
        text = f"REPLACE({text}, 'a', 'aaaaaaaaaaaaaaaa')"
    return text


def test_an_answer_that_fails_after_its_first_byte_breaks_the_connection(store: VersionedStore) -> None:
    """Its head was sent, so only the end of the connection can tell the client."""
    query = f"SELECT ?x {{ VALUES ?n {{ {NUMBERS} }} BIND({_repeated(1)} AS ?x) }} LIMIT 25"
    with serving(store.path, "--max-megabytes", "10") as client:
        address = urlsplit(client.base)
        connection = http.client.HTTPConnection(str(address.hostname), address.port)
        connection.request("GET", f"/sparql?query={quote(query)}&format=csv")
        response = connection.getresponse()
        assert response.status == 200
        with pytest.raises(http.client.IncompleteRead):
            response.read()
        connection.close()


def test_too_much_memory_ends_the_query_but_not_the_server(store: VersionedStore) -> None:
    hungry = "SELECT (GROUP_CONCAT(STR(?a)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with serving(store.path, "--memory", "64", "--timeout", "60") as client:
        response = ask(client, hungry)
        assert response.status_code == 503 and "more than 64 MB of memory" in response.text
        assert ask(client, "ASK {}").text == "true"


@pytest.mark.slow
def test_twenty_runaway_queries_do_not_slow_others_and_are_stopped(store: VersionedStore, tmp_path: Path) -> None:
    """A small query takes less than a second meanwhile; 10 s after their deadline no worker runs them."""
    store.backup(tmp_path / "store")
    with serving(tmp_path / "store", "--timeout", "3") as client:
        answers = list[int]()
        queries = [RUNAWAY, UNBOUNDED_PATHS] * 10
        runaways = [threading.Thread(target=lambda q=q: answers.append(ask(client, q).status_code)) for q in queries]
        for runaway in runaways:
            runaway.start()
        times = [seconds_of_a_small_query(client) for _ in range(5)]
        assert sorted(times)[2] < 1  # one may meet the other tests of this machine
        for runaway in runaways:
            runaway.join()
        assert set(answers) == {503}
        time.sleep(8)
        left = engine_processes(tmp_path / "store")
        before = sum(map(cpu_seconds, left))
        time.sleep(1)
        assert sum(map(cpu_seconds, left)) - before < 0.2
        assert len(left) <= 4  # their parent, those that are kept ready, and perhaps one more


def test_more_runaway_queries_than_processes_leave_two_for_small_ones(store: VersionedStore) -> None:
    """A long query that would take them is stopped, and runs again when another long one has ended."""
    with process(store.path, "--timeout", "3", "--processes", "4") as (_, base), closing(Client(base)) as client:
        statuses = list[int]()
        runaways = [
            threading.Thread(target=lambda: statuses.append(ask(client, RUNAWAY).status_code)) for _ in range(8)
        ]
        for runaway in runaways:
            runaway.start()
        time.sleep(2)
        assert sorted(seconds_of_a_small_query(client) for _ in range(3))[1] < 1
        for runaway in runaways:
            runaway.join()
        assert set(statuses) == {503}


def seconds_of_a_small_query(client: Client) -> float:
    time.sleep(0.4)
    begun = time.monotonic()
    assert ask(client, "SELECT ?x { VALUES ?x { 1 } }").status_code == 200
    return time.monotonic() - begun


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_the_query_of_a_client_that_disconnects_is_stopped(store: VersionedStore) -> None:
    with process(store.path, "--timeout", "60") as (_, address):
        with pytest.raises(requests.Timeout):
            requests.get(f"{address}/sparql", params={"query": RUNAWAY}, timeout=1)
        until = time.monotonic() + 10
        while "hamakg_jobs_running 0.0" not in requests.get(f"{address}/metrics").text and time.monotonic() < until:
            time.sleep(0.1)
        assert "hamakg_jobs_running 0.0" in requests.get(f"{address}/metrics").text


def test_an_answer_that_the_client_already_has_is_not_sent_again(limited: Client) -> None:
    first = ask(limited, "SELECT ?x { VALUES ?x { 1 } }")
    again = requests.get(first.url, headers={"If-None-Match": first.headers["ETag"]}, timeout=60)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_an_answer_that_varies_has_no_etag(limited: Client) -> None:
    first, second = (ask(limited, "SELECT (UUID() AS ?x) {}") for _ in range(2))
    assert "ETag" not in first.headers and first.text != second.text


def test_a_large_answer_is_compressed_if_the_client_accepts_gzip(client: Client) -> None:
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
    plain = requests.get(f"{client.base}/sparql", params={"query": query}, headers={"Accept-Encoding": "identity"})
    packed = requests.get(f"{client.base}/sparql", params={"query": query})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert plain.content == packed.content and plain.headers["ETag"] != packed.headers["ETag"]
