"""The endpoint as Comunica (https://comunica.dev) sees it, which plans queries itself and asks in parts."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hamakg.rdf.iris import HAMA
from support.stores import write_store
from web.client import Client, serving

pytestmark = pytest.mark.peers

SCRIPT = Path(__file__).with_name("comunica.js")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    store = write_store(tmp_path_factory.mktemp("comunica") / "store")
    with serving(store.path) as client:
        yield client


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT DISTINCT ?place WHERE {{ ?event a <{HAMA}Capture> ; <{HAMA}place> ?place }} ORDER BY ?place",
        f"SELECT ?who WHERE {{ ?event a <{HAMA}Capture> OPTIONAL {{ ?event <{HAMA}agent> ?who }} }} ORDER BY ?who",
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
    ],
)
def test_comunica_gets_what_the_endpoint_says(client: Client, query: str) -> None:
    done = subprocess.run(
        ["node", SCRIPT, f"{client.base}/sparql", query], capture_output=True, check=True, text=True, cwd=SCRIPT.parent
    )
    found = client.get("/sparql", query_string={"query": query}).json["results"]["bindings"]
    assert json.loads(done.stdout) == [{name: term["value"] for name, term in row.items()} for row in found] != []
