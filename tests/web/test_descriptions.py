"""The descriptions of the service and its data, for programs."""

import rdflib
from rdflib import DCTERMS, RDF, VOID, URIRef
from rdflib.namespace import Namespace

from hamakg.rdf.iris import Iris
from support.complete_facts import FACTS
from web.client import Client

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")


def test_a_request_without_a_query_gets_the_service_description(client: Client) -> None:
    """https://www.w3.org/TR/sparql11-service-description/"""
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=response.data, format="turtle")
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert list(graph.objects(service, SD.endpoint)) == [URIRef(f"{client.base}/sparql")]
    assert set(graph.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(graph.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
    assert FORMATS.SPARQL_Results_JSON in set(graph.objects(service, SD.resultFormat))
    names = {str(name) for name in graph.objects(None, SD.name)}
    assert names == {Iris().graph("entities"), Iris().article_graph(FACTS.article.slug)}
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]


def test_the_engine_knows_each_function_of_the_description(client: Client) -> None:
    graph = rdflib.Graph().parse(data=client.get("/sparql").data, format="turtle")
    functions = sorted(map(str, graph.objects(None, SD.extensionFunction)))
    assert functions
    for function in functions:
        query = f"SELECT (<{function}>('x') AS ?y) {{}}"
        assert client.get("/sparql", query_string={"query": query}).status_code == 200, function


def test_the_description_of_the_data_set_is_at_its_well_known_address(client: Client) -> None:
    response = client.get("/.well-known/void")
    graph = rdflib.Graph().parse(data=response.data, format="turtle")
    dataset = URIRef(Iris().graph("dataset"))
    assert (dataset, VOID.sparqlEndpoint, URIRef(f"{client.base}/sparql")) in graph
    assert list(graph.objects(dataset, DCTERMS.license)) == [URIRef(FACTS.article.licence)]
    found = client.get("/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json
    assert int(str(graph.value(dataset, VOID.triples))) == int(found["results"]["bindings"][0]["n"]["value"])
    again = client.get("/.well-known/void", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, client.get("/.well-known/other").status_code) == (304, 404)
