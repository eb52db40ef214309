"""The files beside a dump describe its content and its sources."""

from collections import Counter

import pyoxigraph as ox
import pytest

from hamakg import __version__
from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.publish import DumpFile, count_contents, describe_dataset, format_attribution, read_sources, select_graphs
from hamakg.publish.attribution import CHANGES, SourceArticle
from hamakg.rdf.ids import article_id
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from support.complete_facts import FACTS

IRIS = Iris()
DATASET = IRIS.graph("dataset")
FILE = DumpFile("aba.nq", "nquads", 1234, "ab" * 32)
RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
WIKIPEDIA = SourceArticle(
    IRIS.resource(article_id("aba")),
    "Battle of Aba",
    "https://en.wikipedia.org/wiki/Battle_of_Aba",
    "https://creativecommons.org/licenses/by-sa/4.0/",
    "12",
    "2024-05-01T10:00:00Z",
)


@pytest.fixture
def store() -> ox.Store:
    """One article, the entities, and a link of each kind."""
    store = ox.Store()
    store.extend(build_article_quads(FACTS, IRIS))
    store.extend(build_entity_quads(store, IRIS))
    links = ox.NamedNode(IRIS.graph("links"))
    aba = ox.NamedNode(IRIS.resource("place/aba"))
    for prop, item in (("exactMatch", "Q1"), ("closeMatch", "Q2"), ("closeMatch", "Q3")):
        store.add(ox.Quad(aba, ox.NamedNode(PREFIXES["skos"] + prop), ox.NamedNode(PREFIXES["wd"] + item), links))
    return store


def read_statements(data: bytes) -> dict[str, dict[str, set[str]]]:
    """{subject: {property: values}}, with IRIs shortened to fragments of the data set or prefixed names if possible."""
    found: dict[str, dict[str, set[str]]] = {}
    for quad in ox.parse(data, format=ox.RdfFormat.TURTLE):
        values = found.setdefault(shorten(quad.subject.value), {}).setdefault(shorten(quad.predicate.value), set())
        values.add(shorten(quad.object.value))
    return found


def shorten(text: str) -> str:
    return IRIS.shorten(text).removeprefix(DATASET)


def test_each_triple_counts_once(store: ox.Store) -> None:
    chosen = select_graphs(store, IRIS)
    triples = {quad.triple for quad in store if quad.graph_name.value in chosen}
    found = count_contents(store, chosen, IRIS)
    assert found.triples == len(triples)
    assert found.subjects == found.entities == len({triple.subject for triple in triples})
    assert found.properties == Counter(triple.predicate.value for triple in triples)
    assert found.classes == Counter(triple.object.value for triple in triples if triple.predicate == RDF_TYPE)
    assert {(shorten(link.property), link.space, link.triples) for link in found.linksets} == {
        ("skos:exactMatch", PREFIXES["wd"], 1),
        ("skos:closeMatch", PREFIXES["wd"], 2),
    }


def test_only_the_selected_graphs_count(store: ox.Store) -> None:
    found = count_contents(store, select_graphs(store, IRIS, ["links"]), IRIS)
    assert (found.triples, found.subjects, found.classes) == (3, 1, {})


def test_resources_in_other_namespaces_are_subjects_but_not_entities() -> None:
    store, note, graph = ox.Store(), ox.NamedNode(HAMA + "note"), ox.NamedNode(IRIS.graph("ontology"))
    store.add(ox.Quad(note, RDF_TYPE, note, graph))
    found = count_contents(store, [graph.value], IRIS)
    assert (found.subjects, found.entities) == (1, 0)


def test_the_sources_are_the_articles_that_the_graphs_are_made_from(store: ox.Store) -> None:
    aba = SourceArticle(
        IRIS.resource("aba/article"),
        "Battle of Aba",
        "https://example.org/wiki/Battle_of_Aba",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "12",
        "2020-02-03T04:05:06Z",
    )
    for graphs in (select_graphs(store, IRIS), [IRIS.article_graph("aba")], [IRIS.graph("links")]):
        assert read_sources(store, graphs, IRIS) == (aba,)
    assert read_sources(store, [IRIS.graph("ontology")], IRIS) == ()


def test_the_description_always_has_the_same_bytes_and_no_blank_nodes(store: ox.Store) -> None:
    def described() -> bytes:
        chosen = select_graphs(store, IRIS)
        return describe_dataset(count_contents(store, chosen, IRIS), read_sources(store, chosen, IRIS), FILE, "", IRIS)

    assert described() == described()
    terms = {term for quad in ox.parse(described(), format=ox.RdfFormat.TURTLE) for term in quad.triple}
    assert not [term for term in terms if isinstance(term, ox.BlankNode)]


def test_a_description_has_the_counts_of_a_dump_and_its_sources(store: ox.Store) -> None:
    """The whole description of a dump that contains one link."""
    links = [IRIS.graph("links")]
    found = read_statements(describe_dataset(count_contents(store, links, IRIS), [WIKIPEDIA], FILE, "links", IRIS))
    wd, skos = "links-skos:{}-http://www.wikidata.org/entity/".format, "#links-property-skos:{}".format
    assert found == {
        "#links": {
            "rdf:type": {"void:Dataset", "http://www.w3.org/ns/dcat#Dataset", "prov:Entity"},
            "dcterms:title": {"What hamakg reads in 1 article on battles, links"},
            "dcterms:rights": {CHANGES},
            "dcterms:license": {"https://creativecommons.org/licenses/by-sa/4.0/"},
            "dcterms:source": {"https://en.wikipedia.org/wiki/Battle_of_Aba"},
            "dcterms:modified": {"2024-05-01T10:00:00Z"},
            "dcterms:isPartOf": {""},
            "prov:wasDerivedFrom": {"aba/article"},
            "prov:wasAttributedTo": {"#hamakg"},
            "owl:versionInfo": {f"hamakg {__version__}"},
            "void:uriSpace": {""},
            "void:vocabulary": {"skos:"},
            "void:triples": {"3"},
            "void:entities": {"1"},
            "void:distinctSubjects": {"1"},
            "void:classes": {"0"},
            "void:properties": {"2"},
            "void:feature": {"http://www.w3.org/ns/formats/N-Quads"},
            "void:propertyPartition": {skos("exactMatch"), skos("closeMatch")},
            "http://www.w3.org/ns/dcat#distribution": {"#links-dump-nquads"},
        },
        skos("exactMatch"): {"void:property": {"skos:exactMatch"}, "void:triples": {"1"}},
        skos("closeMatch"): {"void:property": {"skos:closeMatch"}, "void:triples": {"2"}},
        "": {"void:subset": {f"#{wd('exactMatch')}", f"#{wd('closeMatch')}"}},
        f"#{wd('exactMatch')}": linkset("skos:exactMatch", "1"),
        f"#{wd('closeMatch')}": linkset("skos:closeMatch", "2"),
        "#target-http://www.wikidata.org/entity/": {"rdf:type": {"void:Dataset"}, "void:uriSpace": {"wd:"}},
        "#hamakg": {
            "rdf:type": {"prov:SoftwareAgent"},
            "rdfs:label": {"hamakg"},
            "owl:versionInfo": {__version__},
        },
        "aba/article": {
            "rdf:type": {"prov:Entity"},
            "dcterms:title": {"Battle of Aba"},
            "dcterms:source": {"https://en.wikipedia.org/wiki/Battle_of_Aba"},
            "dcterms:license": {"https://creativecommons.org/licenses/by-sa/4.0/"},
            "dcterms:modified": {"2024-05-01T10:00:00Z"},
            "schema:version": {"12"},
            "prov:wasDerivedFrom": {"https://en.wikipedia.org/w/index.php?oldid=12"},
        },
        "#links-dump-nquads": {
            "rdf:type": {"http://www.w3.org/ns/dcat#Distribution"},
            "dcterms:title": {"aba.nq"},
            "http://www.w3.org/ns/dcat#mediaType": {"https://www.iana.org/assignments/media-types/application/n-quads"},
            "http://www.w3.org/ns/dcat#byteSize": {"1234"},
            "http://spdx.org/rdf/terms#checksum": {"#links-dump-nquads-checksum"},
        },
        "#links-dump-nquads-checksum": {
            "rdf:type": {"http://spdx.org/rdf/terms#Checksum"},
            "http://spdx.org/rdf/terms#algorithm": {"http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
            "http://spdx.org/rdf/terms#checksumValue": {"ab" * 32},
        },
    }


def linkset(prop: str, triples: str) -> dict[str, set[str]]:
    return {
        "rdf:type": {"void:Linkset"},
        "void:linkPredicate": {prop},
        "void:subjectsTarget": {""},
        "void:objectsTarget": {"#target-http://www.wikidata.org/entity/"},
        "void:triples": {triples},
    }


def test_an_attribution_names_articles_revisions_licence_and_changes() -> None:
    assert format_attribution([WIKIPEDIA], "aba.nq") == (
        f"""aba.nq: made by hamakg {__version__} from 1 article.

Licence: Creative Commons Attribution-ShareAlike 4.0 International
  https://creativecommons.org/licenses/by-sa/4.0/
It holds for the articles and for this file. Whoever passes the file on names the articles with their
addresses, names the licence with its address, and says what was changed.

What was changed: A program read the articles and wrote what it understood as data, with mistakes.
Sentences and fields of infoboxes are quoted letter for letter; types, roles, dates, figures, labels
and all else are its reading. The articles' authors have not seen or endorsed it.

The articles, by their contributors:

Battle of Aba
  https://en.wikipedia.org/wiki/Battle_of_Aba
  revision 12 of 2024-05-01T10:00:00Z: https://en.wikipedia.org/w/index.php?oldid=12
  contributors: https://en.wikipedia.org/w/index.php?title=Battle_of_Aba&action=history
  licence: https://creativecommons.org/licenses/by-sa/4.0/
"""
    )


def test_without_articles_no_attribution_is_asked_for() -> None:
    assert format_attribution([], "ontology.ttl") == f"ontology.ttl: made by hamakg {__version__} from no article.\n"
