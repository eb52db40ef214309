"""The ontology is in the OWL 2 RL profile, complete, in step with the code, and consistent under a reasoner."""

import csv
import re
from enum import StrEnum
from pathlib import Path

import pyoxigraph
import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from hamakg import model
from hamakg.data_files import data_folder
from hamakg.graph import build_article_quads
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from support.complete_facts import FACTS

ROOT = Path(__file__).parents[1]
CONTRACT = ROOT.parent / "shared" / "CONTRACT.md"
ONTOLOGY = data_folder("ontology") / "conflict.ttl"
IRI = URIRef(HAMA.removesuffix("#"))
ALIGNMENTS = ONTOLOGY.with_name("alignments.ttl")
CROSSWALK = ONTOLOGY.with_name("crosswalk.ttl")
ERROR = Namespace("http://www.daml.org/2002/03/agents/agent-ont#").error  # where owlrl writes what is inconsistent

ENUMERATIONS: dict[str, type[StrEnum]] = {
    "CasualtyKind": model.CasualtyKind,
    "Extent": model.Extent,
    "Factuality": model.Factuality,
    "Fate": model.Fate,
    "LinkStatus": model.LinkStatus,
    "Stance": model.Stance,
    "Standing": model.Standing,
    "Timing": model.Timing,
}
CONFLICTS = {"MilitaryConflict", "War", "Campaign", "Offensive", "Battle", "Siege"}
SUPERCLASSES = {
    *("DatedThing", "LocatedThing", "Occurrence", "Statement", "Entity", "Event", "Report", "Party", "CasualtyFigure"),
}
# Terms that no graph states, but a reasoner infers.
INVERSES = {
    "agentIn": "agent", "belligerentOn": "belligerent", "casualtiesOf": "casualties", "commanderIn": "commander",
    "concernedBy": "onSide", "contains": "within", "describes": "describedBy", "hasClaim": "about", "hasPart": "partOf",
    "hasSide": "sideOf", "hasSubUnit": "subUnitOf", "placeOf": "place", "sourceOf": "source", "targetIn": "target",
    "toldBy": "tellingOf", "unitOn": "unit",
}  # fmt: skip
ENTAILED = {*INVERSES, "belongsTo"}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ONTOLOGY)


@pytest.fixture(scope="module")
def mapped() -> Graph:
    """The alignments and the crosswalk."""
    return Graph().parse(ALIGNMENTS).parse(CROSSWALK)


# ---------------------------------------------------------------- the profile

# What https://www.w3.org/TR/owl2-profiles/#OWL_2_RL lists as datatypes (4.2.1). xsd:date is not one of them.
XSD_DATATYPES = (
    "decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger",
    "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "float",
    "double", "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "boolean",
    "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp",
)  # fmt: skip
DATATYPES = {RDF.PlainLiteral, RDF.XMLLiteral, RDFS.Literal} | {XSD[name] for name in XSD_DATATYPES}
DECLARED_AS = {
    OWL.Ontology,
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
}
# Its axioms (4.2.5): all of OWL 2 but reflexive properties and disjoint unions.
OBJECT_CHARACTERISTICS = {
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.IrreflexiveProperty,
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.TransitiveProperty,
}
BETWEEN_CLASSES = {RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith}
BETWEEN_PROPERTIES = {RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith}
# https://www.w3.org/TR/owl2-syntax/#Annotation_Properties (5.5): the built-in ones that are used here.
ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, OWL.versionInfo, OWL.deprecated}


def find_triples_outside_rl(graph: Graph) -> list[tuple[Node, Node, Node]]:
    """The triples that are not an axiom, declaration or annotation of OWL 2 RL without blank nodes.

    A class expression may be a named class other than owl:Thing on either side of an axiom (4.2.3). Anonymous ones take
    blank nodes, of which this ontology has none: each counts as outside.
    """
    return [triple for triple in graph if not _in_rl(graph, *triple)]


def _in_rl(  # noqa: C901, PLR0911, PLR0912 -- one production of the profile after the other
    graph: Graph, subject: Node, predicate: Node, value: Node
) -> bool:
    def declared(kind: URIRef, *nodes: Node) -> bool:
        return all((node, RDF.type, kind) in graph for node in nodes)

    if isinstance(subject, BNode) or isinstance(value, BNode):
        return False
    if predicate == RDF.type:
        if value in OBJECT_CHARACTERISTICS:
            return declared(OWL.ObjectProperty, subject)
        return value in DECLARED_AS or (declared(OWL.NamedIndividual, subject) and declared(OWL.Class, value))
    if declared(OWL.NamedIndividual, subject) and declared(OWL.ObjectProperty, predicate):
        return declared(OWL.NamedIndividual, value)
    if declared(OWL.NamedIndividual, subject) and declared(OWL.DatatypeProperty, predicate):
        return isinstance(value, Literal)
    if predicate == OWL.imports:
        return declared(OWL.Ontology, subject)
    if predicate in BETWEEN_CLASSES:
        return declared(OWL.Class, subject, value)
    if predicate in BETWEEN_PROPERTIES:
        return declared(OWL.ObjectProperty, subject, value) or declared(OWL.DatatypeProperty, subject, value)
    if predicate == OWL.inverseOf:
        return declared(OWL.ObjectProperty, subject, value)
    if predicate == RDFS.domain:
        return declared(OWL.Class, value) and not declared(OWL.AnnotationProperty, subject)
    if predicate == RDFS.range and declared(OWL.DatatypeProperty, subject):
        return value in DATATYPES
    if predicate == RDFS.range:
        return declared(OWL.ObjectProperty, subject) and declared(OWL.Class, value)
    if predicate in ANNOTATIONS or declared(OWL.AnnotationProperty, predicate):
        return True
    return predicate == DCTERMS.license


@pytest.mark.parametrize("path", [ONTOLOGY, ALIGNMENTS, CROSSWALK], ids=lambda path: path.stem)
def test_every_axiom_is_in_owl_2_rl(path: Path) -> None:
    """Each file on its own: the alignments need no file of another vocabulary."""
    assert find_triples_outside_rl(Graph().parse(path)) == []


@pytest.mark.parametrize(
    "axiom",
    [
        "hama:agent rdfs:domain [ a owl:Class ; owl:unionOf ( hama:Event hama:Report ) ]",
        "hama:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty hama:agent ; owl:someValuesFrom hama:Party ]",
        "hama:Event rdfs:subClassOf owl:Thing",
        "hama:Event rdfs:subClassOf hama:Undeclared",
        "hama:Party owl:disjointUnionOf ( hama:Actor hama:Side )",
        "hama:within a owl:ReflexiveProperty",
        "hama:startDate rdfs:range xsd:date",
        "hama:startDate a owl:TransitiveProperty",
        "hama:agent rdfs:subPropertyOf hama:startDate",
    ],
)
def test_axioms_outside_the_profile_are_found(ontology: Graph, axiom: str) -> None:
    """The check above can fail: for unions, existential superclasses, reflexivity, datatypes, undeclared terms."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    assert find_triples_outside_rl(Graph().parse(ONTOLOGY).parse(data=f"{head}{axiom} .", format="turtle"))


def test_no_term_has_two_kinds(ontology: Graph, mapped: Graph) -> None:
    """No IRI is an object property and a datatype property, or a class and an individual (OWL 2 DL, 5.8.1)."""
    together = ontology + mapped
    kinds = {term: set(together.objects(term, RDF.type)) & DECLARED_AS for term in together.subjects(RDF.type)}
    assert {term: kind for term, kind in kinds.items() if len(kind) != 1} == {}


# ---------------------------------------------------------------- completeness


def test_rdflib_and_oxigraph_read_the_same_triples(ontology: Graph) -> None:
    store = pyoxigraph.Store()
    store.load(path=ONTOLOGY)
    lines = "".join(f"{quad.triple} .\n" for quad in store)
    again = Graph().parse(data=lines, format="nt")
    assert set(again) == set(ontology)


def test_the_header_has_title_licence_and_version(ontology: Graph) -> None:
    vann = Namespace("http://purl.org/vocab/vann/")
    assert set(ontology.subjects(RDF.type, OWL.Ontology)) == {IRI}
    assert ontology.value(IRI, DCTERMS.title) and ontology.value(IRI, DCTERMS.description)
    assert ontology.value(IRI, DCTERMS.license) == URIRef("https://www.apache.org/licenses/LICENSE-2.0")
    assert ontology.value(IRI, OWL.versionInfo) == Literal("0.1.0")
    assert ontology.value(IRI, vann.preferredNamespacePrefix) == Literal("hama")
    assert ontology.value(IRI, vann.preferredNamespaceUri) == Literal(HAMA)


@pytest.mark.parametrize("annotation", [RDFS.label, RDFS.comment, SKOS.example], ids=["label", "comment", "example"])
def test_each_term_has_one_text_in_english(ontology: Graph, annotation: URIRef) -> None:
    texts = {term: list(ontology.objects(term, annotation)) for term in _list_terms(ontology)}
    wrong = {
        term: found
        for term, found in texts.items()
        if len(found) != 1 or not isinstance(found[0], Literal) or found[0].language != "en" or not found[0]
    }
    assert wrong == {}


def test_each_term_is_defined_by_the_ontology(ontology: Graph) -> None:
    assert {term for term in _list_terms(ontology) if set(ontology.objects(term, RDFS.isDefinedBy)) != {IRI}} == set()


def test_each_property_has_one_domain_and_one_range(ontology: Graph) -> None:
    properties = _list_terms_of_kind(ontology, OWL.ObjectProperty) | _list_terms_of_kind(ontology, OWL.DatatypeProperty)
    counts = {
        prop: (len(list(ontology.objects(prop, RDFS.domain))), len(list(ontology.objects(prop, RDFS.range))))
        for prop in properties
    }
    assert counts == dict.fromkeys(properties, (1, 1))


def test_hama_place_has_no_subproperties(ontology: Graph) -> None:
    """A capture near a town is not a capture of the town."""
    found = {(_local_name(below), _local_name(above)) for below, above in ontology.subject_objects(RDFS.subPropertyOf)}
    assert found == {("subUnitOf", "belongsTo")}


def test_an_inverse_swaps_domain_and_range(ontology: Graph) -> None:
    """Sixteen properties have a named inverse, whose domain is the range of the property."""
    found = {_local_name(one): _local_name(other) for one, other in ontology.subject_objects(OWL.inverseOf)}
    assert found == INVERSES
    for one, other in ontology.subject_objects(OWL.inverseOf):
        assert ontology.value(one, RDFS.domain) == ontology.value(other, RDFS.range)
        assert ontology.value(one, RDFS.range) == ontology.value(other, RDFS.domain)


def test_the_event_classes_are_those_of_the_model_and_none_is_a_superclass_of_another(ontology: Graph) -> None:
    classes = {_local_name(term) for term in ontology.subjects(RDFS.subClassOf, URIRef(HAMA + "Event"))}
    assert classes == set(model.EventType)
    assert {name for name in classes if list(ontology.subjects(RDFS.subClassOf, URIRef(HAMA + name)))} == set()


def test_the_classes_of_entities_are_those_of_the_model(ontology: Graph) -> None:
    classes = {_local_name(term) for term in ontology.subjects(RDFS.subClassOf, URIRef(HAMA + "Actor"))}
    assert classes | {"Actor", "Place"} == set(model.EntityKind)


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_the_individuals_are_the_values_of_the_model(ontology: Graph, name: str) -> None:
    assert {_local_name(term) for term in ontology.subjects(RDF.type, URIRef(HAMA + name))} == set(ENUMERATIONS[name])


@pytest.mark.skipif(not CONTRACT.exists(), reason="CONTRACT.md lies in ../shared, beside the checkout")
def test_every_name_of_the_contract_is_a_term(ontology: Graph) -> None:
    """Also the names that the contract lists after one prefix: `hama:Killed Wounded KilledOrWounded …`."""
    spans = re.findall(r"`((?:hama:)?[A-Z]\w+(?: [A-Z]\w+)+|hama:\w+)`", CONTRACT.read_text("utf-8"))
    names = {name.removeprefix("hama:") for span in spans for name in span.split()}
    assert "MissingInAction" in names
    assert names - {_local_name(term) for term in _list_terms(ontology)} == set()


# ---------------------------------------------------------------- in step with the code


def test_code_queries_and_shapes_use_only_terms_of_the_ontology(ontology: Graph) -> None:
    files = [
        *ROOT.glob("src/**/*.py"),
        *ROOT.glob("queries/**/*.rq"),
        data_folder("ontology") / "shapes.ttl",
    ]
    known = {_local_name(term) for term in _list_terms(ontology)}
    unknown = {(path.name, name) for path in files for name in _find_names(path) - known}
    assert unknown == set()


def test_the_graph_uses_every_term_except_superclasses(ontology: Graph) -> None:
    written = {name for path in (ROOT / "src" / "hamakg" / "graph").glob("*.py") for name in _find_names(path)}
    enumerations: list[type[StrEnum]] = [model.EventType, model.EntityKind, *ENUMERATIONS.values()]
    written |= {value for values in enumerations for value in values} | CONFLICTS
    unwritten = SUPERCLASSES | ENTAILED | ENUMERATIONS.keys()
    assert {_local_name(term) for term in _list_terms(ontology)} - written == unwritten


# ---------------------------------------------------------------- alignments with other vocabularies

MATCHES = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
OURS = ("https://w3id.org/hamakg", str(OWL), str(RDF), str(RDFS), str(SKOS), str(DCTERMS))  # what they are written with
LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"
WITHOUT_ACLED = {"OffensiveLaunch", "Advance", "Encirclement", "SiegeBreaking"}
VIOLENCE = {"Clash", "Assault", "AirStrike", "Shelling", "Bombing", "ChemicalAttack", "Killing"}  # UCDP's events


@pytest.mark.parametrize(
    ("path", "iri"),
    [(ALIGNMENTS, "https://w3id.org/hamakg/ontology/alignments"), (CROSSWALK, "https://w3id.org/hamakg/crosswalk")],
    ids=["alignments", "crosswalk"],
)
def test_a_mapping_has_a_header_and_imports_only_our_ontology(path: Path, iri: str) -> None:
    graph, header = Graph().parse(path), URIRef(iri)
    assert set(graph.subjects(RDF.type, OWL.Ontology)) == {header}
    assert set(graph.objects(header, OWL.imports)) == {IRI}
    assert graph.value(header, DCTERMS.title) and graph.value(header, RDFS.comment)
    assert graph.value(header, DCTERMS.license) == URIRef(LICENCE)


def test_every_mapped_term_is_in_the_ontology(ontology: Graph, mapped: Graph) -> None:
    used = {node for triple in mapped for node in triple if _is_ours(node)}
    assert len(used) > 50
    assert used - _list_terms(ontology) == set()


def test_every_mapped_term_has_the_kind_that_the_ontology_gives_it(ontology: Graph, mapped: Graph) -> None:
    declared = {(term, kind) for term in _list_terms(mapped) for kind in mapped.objects(term, RDF.type)}
    assert {(term, kind) for term, kind in declared if (term, RDF.type, kind) not in ontology} == set()


def test_no_axiom_is_about_a_term_of_another_vocabulary() -> None:
    """Except two axioms that PROV-O has itself."""
    axioms = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.disjointWith}
    about = {subject for subject, predicate, _ in Graph().parse(ALIGNMENTS) if predicate in axioms}
    prov = PREFIXES["prov"]
    assert {term for term in about if not _is_ours(term)} == {
        URIRef(prov + "wasDerivedFrom"),
        URIRef(prov + "wasQuotedFrom"),
    }


def test_every_term_of_another_vocabulary_was_looked_up(mapped: Graph) -> None:
    """tests/looked_up.tsv says where, and which kind of term it is; so no term is used that nobody has looked up."""
    with open(ROOT / "tests" / "looked_up.tsv", encoding="utf-8", newline="") as file:
        rows = {row["iri"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    used = {str(node) for triple in mapped for node in triple if isinstance(node, URIRef)}
    assert {iri for iri in used if not iri.startswith(OURS)} - {LICENCE} == rows.keys()
    assert all(row["label"] and row["source"] for row in rows.values())
    names: dict[Node, str] = {
        OWL.Class: "class",
        OWL.ObjectProperty: "object property",
        OWL.DatatypeProperty: "datatype property",
    }
    for iri, row in rows.items():
        kinds = {names[kind] for kind in mapped.objects(URIRef(iri), RDF.type)}
        assert kinds <= {row["kind"]} or (row["kind"] == "property" and kinds == {"object property"}), iri


def test_each_event_class_is_mapped_to_acled_or_known_to_have_no_counterpart(mapped: Graph) -> None:
    assert _matched(mapped, "acled#") == set(model.EventType) - WITHOUT_ACLED


def test_each_class_of_violence_is_mapped_to_the_types_of_ucdp(mapped: Graph) -> None:
    assert _matched(mapped, "ucdp#") == VIOLENCE
    assert {p for _, p, value in mapped if "crosswalk/ucdp#" in str(value) and p in MATCHES} == {SKOS.relatedMatch}


def test_a_capture_is_broader_than_each_way_in_which_a_place_changes_hands(mapped: Graph) -> None:
    """Which code fits depends on the agent, and on whether there was fighting."""
    capture = URIRef(HAMA + "Capture")
    names = {str(value).rpartition("#")[2] for value in mapped.objects(capture, SKOS.narrowMatch)}
    assert names == {
        "GovernmentRegainsTerritory", "NonStateActorOvertakesTerritory", "NonViolentTransferOfTerritory"
    }  # fmt: skip
    assert mapped.value(capture, SKOS.scopeNote)


def test_each_code_has_a_name_a_notation_a_definition_and_a_codebook(mapped: Graph) -> None:
    concepts = set(mapped.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == 4 + 20 + 3
    for concept in concepts:
        scheme = mapped.value(concept, SKOS.inScheme)
        assert scheme and mapped.value(scheme, DCTERMS.source) and mapped.value(scheme, DCTERMS.bibliographicCitation)
        assert mapped.value(concept, SKOS.prefLabel) and mapped.value(concept, SKOS.notation)
        assert mapped.value(concept, SKOS.definition)
        assert mapped.value(concept, SKOS.broader) or mapped.value(concept, SKOS.topConceptOf) == scheme


def _matched(mapped: Graph, scheme: str) -> set[str]:
    return {_local_name(term) for term, predicate, value in mapped if predicate in MATCHES and scheme in str(value)}


# ---------------------------------------------------------------- under a reasoner


@pytest.fixture(scope="module")
def data() -> Graph:
    """One resource of each kind, as a build writes it."""
    lines = "".join(f"{quad.triple} .\n" for quad in build_article_quads(FACTS, Iris()))
    return Graph().parse(data=lines, format="nt")


@pytest.fixture(scope="module")
def closure(data: Graph) -> Graph:
    return _close(data)


def test_a_reasoner_finds_nothing_inconsistent(closure: Graph) -> None:
    assert list(closure.objects(None, ERROR)) == []


def test_a_reasoner_types_nothing_beyond_its_own_superclasses(ontology: Graph, data: Graph, closure: Graph) -> None:
    """So domains and ranges do not turn an event into a conflict or report, or a place into a party."""
    described = set(data.subjects(RDF.type, None))
    expected = {
        resource: {above for kind in data.objects(resource, RDF.type) for above in _find_superclasses(ontology, kind)}
        for resource in described
    }
    found = {
        resource: {kind for kind in closure.objects(resource, RDF.type) if _is_ours(kind)} for resource in described
    }
    assert found == expected


@pytest.mark.parametrize(("one", "other"), INVERSES.items(), ids=INVERSES)
def test_a_reasoner_infers_inverse_properties(data: Graph, closure: Graph, one: str, other: str) -> None:
    pairs = set(data.subject_objects(URIRef(HAMA + other)))
    assert pairs or other == "tellingOf"  # which derived graphs alone state
    assert {(subject, value) for value, subject in closure.subject_objects(URIRef(HAMA + one))} >= pairs


def test_a_reasoner_infers_all_units_above_but_not_as_direct_superiors() -> None:
    units = "<u/1> hama:subUnitOf <u/2> . <u/2> hama:subUnitOf <u/3> ."
    head = f"@base <{Iris().resource('')}> . @prefix hama: <{HAMA}> ."
    closed = _close(Graph().parse(data=f"{head} {units}", format="turtle"))
    bottom, middle, top = (URIRef(Iris().resource(f"u/{n}")) for n in (1, 2, 3))
    assert set(closed.objects(bottom, URIRef(HAMA + "belongsTo"))) == {middle, top}
    assert set(closed.objects(bottom, URIRef(HAMA + "subUnitOf"))) == {middle}


def test_disjoint_classes_share_no_resources(closure: Graph) -> None:
    """For the two events and two places of the data."""
    never = {"Event": {"MilitaryConflict", "Report", "Claim", "Party", "Place"}, "Place": {"Party", "Event"}}
    for kind, others in never.items():
        members = set(closure.subjects(RDF.type, URIRef(HAMA + kind)))
        assert len(members) == 2
        assert {(m, o) for m in members for o in others if (m, RDF.type, URIRef(HAMA + o)) in closure} == set()


def test_a_reasoner_finds_contradictions() -> None:
    """The check above can fail: for a place that acts, an event in two wrong roles, a side as a unit."""
    iris = Iris()
    mistakes = """
        <place/a> a hama:Place . <e/1> a hama:Clash ; hama:agent <place/a> .
        <e/2> a hama:Capture . <e/3> a hama:Clash ; hama:partOf <e/2> .
        <e/4> a hama:Killing . <e/5> a hama:Clash ; hama:casualties <e/4> .
        <side/1> a hama:Side ; hama:unit <side/2> . <side/2> a hama:Side .
    """
    data = f"@base <{iris.resource('')}> . @prefix hama: <{HAMA}> . {mistakes}"
    errors = " ".join(map(str, _close(Graph().parse(data=data, format="turtle")).objects(None, ERROR)))
    named = set(re.findall(rf"{iris.resource('')}(\w+/\w+)", errors))
    assert named == {"place/a", "e/2", "e/4", "side/2"}


# Classes that other vocabularies keep disjoint: CIDOC CRM in its scope notes, the others in OWL.
DISJOINT = """
    dbo:Agent owl:disjointWith dbo:Place . dbo:Event owl:disjointWith dbo:Person .
    prov:Entity owl:disjointWith prov:Activity .
    crm:E7_Activity owl:disjointWith crm:E89_Propositional_Object, crm:E39_Actor, crm:E73_Information_Object .
    crm:E53_Place owl:disjointWith crm:E7_Activity, crm:E39_Actor, crm:E89_Propositional_Object .
    crm:E21_Person owl:disjointWith crm:E74_Group .
"""
OTHERS = {"dbo": "http://dbpedia.org/ontology/", "crm": "http://www.cidoc-crm.org/cidoc-crm/"}


@pytest.fixture(scope="module")
def aligned(data: Graph) -> Graph:
    """The closure of data, ontology, alignments and the disjoint classes of other vocabularies."""
    graph = data + Graph().parse(ALIGNMENTS)
    return _close(graph.parse(data=_head() + DISJOINT, format="turtle"))


def test_the_alignments_leave_the_data_consistent(aligned: Graph) -> None:
    assert list(aligned.objects(None, ERROR)) == []


def test_a_reasoner_finds_what_other_vocabularies_keep_disjoint() -> None:
    """The check above can fail: for a group that is a person, and for a place that acts."""
    mistakes = "<x/a> a hama:Side, crm:E21_Person . <x/b> a hama:Place ."
    graph = (
        Graph().parse(ALIGNMENTS).parse(data=f"{_head()} {DISJOINT} {mistakes} <x/b> a dbo:Agent .", format="turtle")
    )
    errors = " ".join(map(str, _close(graph).objects(None, ERROR)))
    assert set(re.findall(rf"{Iris().resource('x/')}(\w)", errors)) == {"a", "b"}


def test_alignments_infer_no_class_of_our_own(data: Graph, closure: Graph, aligned: Graph) -> None:
    ours = {pair for pair in closure.subject_objects(RDF.type) if _is_ours(pair[1])}
    assert {pair for pair in aligned.subject_objects(RDF.type) if _is_ours(pair[1])} == ours


def test_events_are_events_in_sem_and_schema_org_but_not_in_cidoc_crm(aligned: Graph) -> None:
    """An event may be planned or denied; only a conflict is an activity."""
    events = set(aligned.subjects(RDF.type, URIRef(HAMA + "Event")))
    for kind in (PREFIXES["sem"] + "Event", PREFIXES["schema"] + "Event", OTHERS["dbo"] + "Event"):
        assert events <= set(aligned.subjects(RDF.type, URIRef(kind)))
    activities = set(aligned.subjects(RDF.type, URIRef(OTHERS["crm"] + "E7_Activity")))
    assert activities == set(aligned.subjects(RDF.type, URIRef(HAMA + "MilitaryConflict"))) != set()


def test_a_reasoner_infers_the_properties_of_other_vocabularies(aligned: Graph) -> None:
    """They follow from hama:agent, hama:place and similar properties in the data, and nothing else does."""
    sem, schema, prov, crm = PREFIXES["sem"], PREFIXES["schema"], PREFIXES["prov"], OTHERS["crm"]
    same = {
        sem + "hasActor": ["agent", "hasSide"], sem + "hasPlace": ["place"], sem + "subEventOf": ["partOf"],
        sem + "hasEarliestBeginTimeStamp": ["startDate"], sem + "hasLatestEndTimeStamp": ["endDate"],
        prov + "wasAttributedTo": ["source", "accordingTo"], schema + "superEvent": ["partOf"],
        schema + "location": ["place"], crm + "P14_carried_out_by": ["hasSide"], crm + "P89_falls_within": ["within"],
    }  # fmt: skip
    for theirs, ours in same.items():
        expected = {pair for name in ours for pair in aligned.subject_objects(URIRef(HAMA + name))}
        assert set(aligned.subject_objects(URIRef(theirs))) == expected != set(), theirs


def test_no_date_becomes_a_date_of_schema_org(aligned: Graph) -> None:
    """An event within an interval did not last from its start to its end; axioms cannot express this, rules can."""
    dates = {PREFIXES["schema"] + name for name in ("startDate", "endDate")} | {OTHERS["dbo"] + "startDate"}
    assert [date for date in dates if (None, URIRef(date), None) in aligned] == []


def _head() -> str:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in (PREFIXES | OTHERS).items())
    return f"@base <{Iris().resource('')}> .\n{prefixes}"


def _close(data: Graph) -> Graph:
    """The data and the ontology with everything that follows by the rules of OWL 2 RL."""
    graph = Graph().parse(ONTOLOGY)
    graph += data
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def _find_superclasses(ontology: Graph, kind: Node) -> set[Node]:
    return {above for above in ontology.transitive_objects(kind, RDFS.subClassOf) if above and _is_ours(above)}


def _list_terms(ontology: Graph) -> set[Node]:
    return {term for term in ontology.subjects(RDF.type, None) if _is_ours(term)}


def _list_terms_of_kind(ontology: Graph, kind: URIRef) -> set[Node]:
    return set(ontology.subjects(RDF.type, kind))


def _is_ours(term: Node) -> bool:
    return isinstance(term, URIRef) and term.startswith(HAMA)


def _local_name(term: Node) -> str:
    return str(term).removeprefix(HAMA)


def _find_names(path: Path) -> set[str]:
    return set(re.findall(r"\bhama:(\w+)", path.read_text("utf-8")))
