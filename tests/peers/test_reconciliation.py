"""Two real reconciliation services, which disagree on what a match is: from neither comes a wrong link.

datasette-reconcile keeps to classes; csv-reconcile ignores them, and calls any single candidate a match.
"""

import csv
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hamakg.client import ServiceClient
from hamakg.link import ask_sources, link_things, read_things
from hamakg.link.items import WIKIDATA
from hamakg.link.name_similarity import compare_names
from hamakg.link.sources import reconciliation
from hamakg.link.sources.answer_cache import AnswerCache
from hamakg.link.sources.batches import Lookup
from hamakg.model import LinkStatus
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from peers.running import free_port, once_it_answers

pytestmark = pytest.mark.peers

HERE = Path(__file__).parent
AUTHORITY = HERE.parent / "link" / "authority.tsv"
SERVICES = Path(os.environ.get("HAMAKG_SERVICES", HERE / "services")) / "bin"
NO_ITEM = 9_000_000_000  # ids from here on stand for no item: distractors


@contextmanager
def running(folder: Path, url: str, *command: object) -> Iterator[str]:
    """The service at the address while it runs, once it answers."""
    with subprocess.Popen(
        [*map(str, command)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield once_it_answers(url)
        finally:
            process.terminate()


@pytest.fixture
def datasette(tmp_path: Path) -> Iterator[str]:
    with AUTHORITY.open(encoding="utf-8", newline="") as lines:
        rows = [
            {"id": r["id"], "name": r["label"], "aliases": r["aliases"], "type": r["type"].partition("|")[0]}
            for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    (tmp_path / "items.json").write_text(json.dumps(rows))
    sqlite = SERVICES / "sqlite-utils"
    subprocess.run([sqlite, "insert", "auth.db", "ent", "items.json", "--pk", "id"], cwd=tmp_path, check=True)
    subprocess.run([sqlite, "enable-fts", "auth.db", "ent", "name", "aliases", "--fts5"], cwd=tmp_path, check=True)
    settings = {"id_field": "id", "name_field": "name", "type_field": "type", "identifierSpace": WIKIDATA}
    plugin = {"datasette-reconcile": settings}
    (tmp_path / "meta.json").write_text(json.dumps({"databases": {"auth": {"tables": {"ent": {"plugins": plugin}}}}}))
    port = free_port()
    command = (SERVICES / "datasette", "serve", "auth.db", "-m", "meta.json", "-h", "127.0.0.1", "-p", port)
    with running(tmp_path, f"http://127.0.0.1:{port}/auth/ent/-/reconcile", *command) as url:
        yield url


@pytest.fixture
def careless(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "recon.conf").write_text("CSVKWARGS = {'delimiter': '\\t'}\nMANIFEST = {'name': 'careless'}\n")
    tool = SERVICES / "csv-reconcile"
    command = (tool, "init", "--config", "recon.conf", "--scorer", "dice", AUTHORITY, "id", "label")
    subprocess.run([*map(str, command)], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with running(tmp_path, "http://127.0.0.1:5000/reconcile", tool, "serve") as url:
        yield url


def links_by(url: str, store: VersionedStore) -> list[tuple[str, str, LinkStatus]]:
    """The links of the seeds with this service as the only source, decisions off."""
    snapshot, told = store.snapshot(), list[str]()
    source = reconciliation.build_source(ServiceClient(url), Lookup(AnswerCache(None), told.append))
    known = read_things(snapshot, Iris.from_store(snapshot))
    found = link_things(known, [], ask_sources(known, [source])).links
    assert told == []
    return [(link.label, link.object.removeprefix(WIKIDATA), link.status) for link in found]


def labels() -> dict[str, str]:
    with AUTHORITY.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row["label"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def test_a_service_that_keeps_to_classes_gives_links_and_no_wrong_one(
    datasette: str, seeds_store: VersionedStore
) -> None:
    links = links_by(datasette, seeds_store)
    accepted = {label: item for label, item, status in links if status is LinkStatus.ACCEPTED}
    assert {"Russia": "Q159", "Iran": "Q794", "Quds Force": "Q311381"}.items() <= accepted.items()
    assert {label: item for label, item in accepted.items() if int(item[1:]) > NO_ITEM} == {}
    assert all(compare_names(label, labels()[item]) > 0.95 for label, item in accepted.items())


def test_a_careless_service_gives_candidates_alone(careless: str, seeds_store: VersionedStore) -> None:
    links = links_by(careless, seeds_store)
    assert {status for *_, status in links} == {LinkStatus.PROPOSED}
    assert ("Russian Navy", "Q465283", LinkStatus.PROPOSED) in links
