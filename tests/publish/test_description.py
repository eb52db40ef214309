"""What stands beside a dump tells what is in it, and whom to name."""

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

NAMES = Iris()
DATASET = NAMES.graph("dataset")
FILE = DumpFile("aba.nq", "nquads", 1234, "ab" * 32)
RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
WIKIPEDIA = SourceArticle(
    NAMES.resource(article_id("aba")),
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
    store.extend(build_article_quads(FACTS, NAMES))
    store.extend(build_entity_quads(store, NAMES))
    links = ox.NamedNode(NAMES.graph("links"))
    aba = ox.NamedNode(NAMES.resource("place/aba"))
    for prop, item in (("exactMatch", "Q1"), ("closeMatch", "Q2"), ("closeMatch", "Q3")):
        store.add(ox.Quad(aba, ox.NamedNode(PREFIXES["skos"] + prop), ox.NamedNode(PREFIXES["wd"] + item), links))
    return store


def stated(data: bytes) -> dict[str, dict[str, set[str]]]:
    """{subject: {property: values}}, all of them below the data set's IRI or by prefixed names where they can be."""
    found: dict[str, dict[str, set[str]]] = {}
    for quad in ox.parse(data, format=ox.RdfFormat.TURTLE):
        values = found.setdefault(short(quad.subject.value), {}).setdefault(short(quad.predicate.value), set())
        values.add(short(quad.object.value))
    return found


def short(text: str) -> str:
    return NAMES.shorten(text).removeprefix(DATASET)


def test_figures_are_those_of_the_triples_each_counted_once(store: ox.Store) -> None:
    chosen = select_graphs(store, NAMES)
    triples = {quad.triple for quad in store if quad.graph_name.value in chosen}
    found = count_contents(store, chosen, NAMES)
    assert found.triples == len(triples)
    assert found.subjects == found.entities == len({triple.subject for triple in triples})
    assert found.properties == Counter(triple.predicate.value for triple in triples)
    assert found.classes == Counter(triple.object.value for triple in triples if triple.predicate == RDF_TYPE)
    assert {(short(link.property), link.space, link.triples) for link in found.linksets} == {
        ("skos:exactMatch", PREFIXES["wd"], 1),
        ("skos:closeMatch", PREFIXES["wd"], 2),
    }


def test_of_a_part_only_that_is_counted(store: ox.Store) -> None:
    found = count_contents(store, select_graphs(store, NAMES, ["links"]), NAMES)
    assert (found.triples, found.subjects, found.classes) == (3, 1, {})


def test_resources_of_others_are_subjects_and_no_entities_of_the_data_set() -> None:
    store, note, graph = ox.Store(), ox.NamedNode(HAMA + "note"), ox.NamedNode(NAMES.graph("ontology"))
    store.add(ox.Quad(note, RDF_TYPE, note, graph))
    found = count_contents(store, [graph.value], NAMES)
    assert (found.subjects, found.entities) == (1, 0)


def test_the_articles_are_those_that_the_graphs_are_made_from(store: ox.Store) -> None:
    aba = SourceArticle(
        NAMES.resource("aba/article"),
        "Battle of Aba",
        "https://example.org/wiki/Battle_of_Aba",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "12",
        "2020-02-03T04:05:06Z",
    )
    for graphs in (select_graphs(store, NAMES), [NAMES.article_graph("aba")], [NAMES.graph("links")]):
        assert read_sources(store, graphs, NAMES) == (aba,)
    assert read_sources(store, [NAMES.graph("ontology")], NAMES) == ()


def test_the_description_is_the_same_bytes_each_time_and_has_no_blank_nodes(store: ox.Store) -> None:
    def described() -> bytes:
        chosen = select_graphs(store, NAMES)
        return describe_dataset(
            count_contents(store, chosen, NAMES), read_sources(store, chosen, NAMES), FILE, "", NAMES
        )

    assert described() == described()
    terms = {term for quad in ox.parse(described(), format=ox.RdfFormat.TURTLE) for term in quad.triple}
    assert not [term for term in terms if isinstance(term, ox.BlankNode)]


def test_a_description_says_what_is_in_a_dump_and_whom_to_name(store: ox.Store) -> None:
    """All of it, of a dump that is one link."""
    links = [NAMES.graph("links")]
    found = stated(describe_dataset(count_contents(store, links, NAMES), [WIKIPEDIA], FILE, "links", NAMES))
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


def test_what_is_made_from_no_article_asks_for_no_attribution() -> None:
    assert format_attribution([], "ontology.ttl") == f"ontology.ttl: made by hamakg {__version__} from no article.\n"
