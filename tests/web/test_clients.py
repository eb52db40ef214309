"""Common clients of SPARQL endpoints work with this one."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

from hamakg.rdf.iris import HAMA, Iris
from hamakg.store import VersionedStore
from web.client import Client, serving

pytestmark = pytest.mark.filterwarnings("ignore")  # of the clients' own
PLACE = Iris().resource("place/aba")
SELECT = f"SELECT DISTINCT ?place WHERE {{ ?event a <{HAMA}Capture> ; <{HAMA}place> ?place }}"


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("form", [JSON, XML, CSV])
def test_sparqlwrapper(client: Client, method: str, form: str) -> None:
    wrapper = SPARQLWrapper(f"{client.base}/sparql")
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(form)
    wrapper.setMethod(method)
    result: Any = wrapper.query().convert()  # of another type for each form
    if form == JSON:
        assert [row["place"]["value"] for row in result["results"]["bindings"]] == [PLACE]
    elif form == CSV:
        assert result.decode().split() == ["place", PLACE]
    else:
        assert [uri.firstChild.data for uri in result.getElementsByTagName("uri")] == [PLACE]


def test_sparqlwrapper_posts_a_query_directly_and_reads_a_graph(client: Client) -> None:
    wrapper = SPARQLWrapper(f"{client.base}/sparql")
    wrapper.setQuery(f"CONSTRUCT {{ <{PLACE}> a ?kind }} WHERE {{ <{PLACE}> a ?kind }}")
    wrapper.setReturnFormat(TURTLE)
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(POSTDIRECTLY)
    turtle = wrapper.query().convert()
    assert isinstance(turtle, bytes)
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    assert (rdflib.URIRef(PLACE), rdflib.RDF.type, rdflib.URIRef(HAMA + "Place")) in graph


def test_rdflib_reads_the_endpoint_as_a_graph(client: Client) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{client.base}/sparql"))
    assert [str(row[rdflib.Variable("place")]) for row in graph.query(SELECT).bindings] == [PLACE]
    assert (rdflib.URIRef(PLACE), rdflib.RDF.type, rdflib.URIRef(HAMA + "Place")) in graph
    assert str(graph.value(rdflib.URIRef(PLACE), rdflib.RDFS.label)) == "Aba"


@pytest.fixture
def writable(store: VersionedStore, tmp_path: Path) -> Iterator[Client]:
    store.backup(tmp_path / "store")
    with serving(tmp_path / "store", "--token", "secret") as client:
        yield client


def test_rdflib_writes_through_the_endpoint(writable: Client) -> None:
    address = f"{writable.base}/sparql"
    update = SPARQLUpdateStore(address, address, headers={"Authorization": "Bearer secret"})
    graph = rdflib.Graph(update, identifier=rdflib.URIRef("https://example.org/g"))
    triple = (rdflib.URIRef("https://example.org/s"), rdflib.RDFS.label, rdflib.Literal("ä", lang="de"))
    graph.add(triple)
    assert list(graph) == [triple]
    graph.remove(triple)
    assert list(graph) == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl(client: Client) -> None:
    """The command in docs/querying.md."""
    command = ["curl", "--silent", "--fail", "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}"]
    done = subprocess.run([*command, f"{client.base}/sparql"], capture_output=True, text=True, check=True)
    assert done.stdout == f"place\n{PLACE}\n"
