"""The real server, a process of its own: starting, serving, stopping."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from hamakg.store import VersionedStore
from support.complete_facts import FACTS
from web.client import Client, process, serving

Write = Callable[..., VersionedStore]
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?c) < STR(?l)) }"


def titles(client: Client) -> list[str]:
    query = """
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX hama: <https://w3id.org/hamakg/ontology#>
        SELECT DISTINCT ?title WHERE { ?a a hama:Article ; dcterms:title ?title } ORDER BY ?title
    """
    found = client.get("/sparql", query_string={"query": query}).json
    return [row["title"]["value"] for row in found["results"]["bindings"]]


def test_a_running_server_serves_what_is_built_meanwhile(write: Write, tmp_path: Path) -> None:
    """Without a restart, from the next request on, on the pages and at the endpoint."""
    write(tmp_path / "store")
    other = dataclasses.replace(FACTS, article=dataclasses.replace(FACTS.article, slug="bab", title="Battle of Bab"))
    with serving(tmp_path / "store") as client:
        assert titles(client) == ["Battle of Aba"]
        write(tmp_path / "store", other)
        assert titles(client) == ["Battle of Aba", "Battle of Bab"]
        assert "Battle of Bab" in client.get("/").text


def test_a_query_by_post_is_answered(client: Client) -> None:
    response = client.post(
        "/sparql",
        data="SELECT ('Ḥamā, حماة' AS ?x) {}",
        content_type="application/sparql-query",
        headers={"Accept": "text/csv"},
    )
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.text == 'x\r\n"Ḥamā, حماة"\r\n'


def test_a_deeply_nested_query_does_not_crash_the_server(client: Client) -> None:
    """64 KiB of braces would overflow the usual stack of a thread."""
    response = client.post("/sparql", data="SELECT * " + "{" * 65000, content_type="application/sparql-query")
    assert response.status_code == 400
    assert titles(client) == ["Battle of Aba"]


def test_health_names_the_generation(client: Client, store: VersionedStore) -> None:
    output = {"status": "ok", "live": True, "ready": True, "generation": store.generation(), "fault": None}
    assert client.get("/health").json == output


def test_health_names_a_new_generation_at_once(write: Write, tmp_path: Path) -> None:
    """However short ago it was asked, and answered with the generation before."""
    store = write(tmp_path / "store")
    other = dataclasses.replace(FACTS, article=dataclasses.replace(FACTS.article, slug="bab", title="Battle of Bab"))
    with serving(store.path) as client:
        before = store.generation()
        write(tmp_path / "store", other)
        copy = tmp_path / "CURRENT"
        copy.write_text(f"{store.generation()}\n")
        (store.path / "CURRENT").write_text(f"{before}\n")
        assert client.get("/health").json["generation"] == before
        copy.replace(store.path / "CURRENT")
        assert client.get("/health").json["generation"] == store.generation() != before


def test_the_last_good_generation_is_served_if_the_newest_is_damaged(write: Write, tmp_path: Path) -> None:
    path = write(tmp_path / "store").path
    good = VersionedStore(path).generation()
    with serving(path) as client:
        assert titles(client) == ["Battle of Aba"]
        (path / "generations" / "000099-00000000").mkdir()
        (path / "CURRENT").write_text("000099-00000000\n")
        assert titles(client) == ["Battle of Aba"]
        health = client.get("/health").json
        assert (health["status"], health["generation"]) == ("stale", good)
        assert health["fault"].startswith(f"cannot read the store {path}: ")


def test_backup_and_restore_work_while_a_server_runs(write: Write, tmp_path: Path) -> None:
    path = write(tmp_path / "store").path
    run = [sys.executable, "-c", "from hamakg.cli import main; main()"]
    other = dataclasses.replace(FACTS, article=dataclasses.replace(FACTS.article, slug="bab", title="Battle of Bab"))
    with serving(path) as client:
        subprocess.run([*run, "backup", str(tmp_path / "copy"), "--store", str(path)], check=True)
        write(path, other)
        assert titles(client) == ["Battle of Aba", "Battle of Bab"]
        subprocess.run([*run, "restore", str(tmp_path / "copy"), "--store", str(path)], check=True)
        assert titles(client) == ["Battle of Aba"]


def test_sigterm_finishes_answers_and_leaves_no_process(store: VersionedStore, tmp_path: Path) -> None:
    """The exit status is 0, and a query that was running is answered."""
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?a) < STR(?f)) }"
    store.backup(tmp_path / "store")
    got = []
    with process(tmp_path / "store") as (server, address), closing(Client(address)) as client:
        asking = threading.Thread(target=lambda: got.append(client.get("/sparql", query_string={"query": query})))
        asking.start()
        time.sleep(0.2)
        server.send_signal(signal.SIGTERM)
        asking.join()
        assert server.wait(timeout=30) == 0
    assert [answer.status_code for answer in got] == [200]
    assert engine_processes(tmp_path / "store") == []


def test_no_worker_outlives_a_server_that_is_killed(store: VersionedStore, tmp_path: Path) -> None:
    store.backup(tmp_path / "store")
    with process(tmp_path / "store") as (server, address), closing(Client(address)) as client:
        runaway = threading.Thread(target=lambda: silently(client, RUNAWAY))
        runaway.start()
        time.sleep(0.5)
        assert engine_processes(tmp_path / "store")
        for pid in [server.pid, *children(server.pid)]:
            os.kill(pid, signal.SIGKILL)
        runaway.join()
    until = time.monotonic() + 10
    while engine_processes(tmp_path / "store") and time.monotonic() < until:
        time.sleep(0.05)
    assert engine_processes(tmp_path / "store") == []


def silently(client: Client, query: str) -> None:
    with suppress(OSError):
        client.get("/sparql", query_string={"query": query})


def processes() -> dict[int, tuple[int, str]]:
    """The parent and the command line of each process, by its number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            found[int(folder.name)] = parent, (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
    return found


def engine_processes(path: Path) -> list[int]:
    return [pid for pid, (_, line) in processes().items() if "hamakg.engine" in line and f" {path} " in line]


def children(pid: int) -> list[int]:
    return [child for child, (parent, _) in processes().items() if parent == pid]


def test_a_port_in_use_is_an_error_of_one_line(store: VersionedStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        output = error_of("--store", str(store.path), "--port", str(port))
    assert output == (
        f"hamakg: cannot listen on 127.0.0.1 port {port}: Address already in use; choose another --host or --port"
    )


def test_an_unknown_host_is_an_error_of_one_line(store: VersionedStore) -> None:
    output = error_of("--store", str(store.path), "--host", "no host")
    assert output.startswith("hamakg: cannot listen on no host port 7878: ")


def test_serving_a_missing_store_is_an_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert error_of("--store", str(path)) == (
        f"hamakg: no store in {path}; make one with: hamakg build PATH --store {path}"
    )


def error_of(*options: str) -> str:
    command = [sys.executable, "-c", "from hamakg.cli import main; main()", "serve", *options]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    return done.stderr.strip()


def test_the_server_starts_without_the_language_model() -> None:
    check = "import sys, hamakg.web.site; sys.exit('spacy' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
