"""The pages show what the data contains and the standing of each event, and escape every text of the data."""

import dataclasses
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rdflib

from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql import query_files
from hamakg.store import VersionedStore
from support.complete_facts import FACTS
from web.client import CHROMIUM, Client, serving

NAMES = Iris()
CAPTURE = "/resource/" + FACTS.events[0].id
PAGES = ["/", "/queries", "/sparql", "/ontology", "/ontology/alignments", "/crosswalk", "/crosswalk/acled", "/review"]
PAGES += ["/graph", "/graph/entities", "/graph/article/aba", "/resource/place/aba", CAPTURE]
STATIC = {f"/static/{name}" for name in ("style.css", "query.css", "query.js", "icon.svg")}
STATIC |= {f"/static/vendor/{name}" for name in ("yasgui.min.js", "yasgui.min.css", "NOTICES.txt")}
PAGES += [f"/queries/{query.name}" for query in query_files.read_questions()]


class Page(HTMLParser):
    """The links, ids, elements and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        self.links += [value for key, value in attrs if key in ("href", "action") and value]
        self.ids += [value for key, value in attrs if key == "id" and value]

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def page(client: Client, path: str) -> Page:
    response = client.get(path, headers={"Accept": CHROMIUM})
    assert (response.status_code, response.mimetype) == (200, "text/html"), path
    return Page(response.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_needs_no_script(client: Client, path: str) -> None:
    """One first heading, a language, a title, labels for all fields, ids once, no script but data, no inline style."""
    shown = page(client, path)
    tags = [tag for tag, _ in shown.elements]
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert ("html", {"lang": "en"}) in shown.elements
    assert sorted(set(shown.ids)) == sorted(shown.ids)
    labelled = {attrs["for"] for tag, attrs in shown.elements if tag == "label"}
    assert {attrs.get("id") for tag, attrs in shown.elements if tag in ("input", "textarea", "select")} <= labelled
    assert "style" not in tags
    assert {attrs.get("type") for tag, attrs in shown.elements if tag == "script"} <= {"application/ld+json"}
    assert not [attrs for _, attrs in shown.elements if "style" in attrs or any(key.startswith("on") for key in attrs)]


def test_every_link_within_the_site_leads_somewhere(client: Client) -> None:
    """From the home page on, to a depth of three; fragments name an id of the page they point into."""
    seen: dict[str, Page] = {}
    to_see = {"/"}
    for _ in range(3):
        seen |= {path: page(client, path) for path in to_see}
        links = {link for shown in seen.values() for link in shown.links if link.startswith("/") and "?" not in link}
        to_see = {urlsplit(link).path for link in links} - seen.keys() - STATIC
    assert len(seen) > len(query_files.read_questions()) + 5
    broken = [
        link
        for link in links
        if (parts := urlsplit(link)).fragment and parts.path in seen and parts.fragment not in seen[parts.path].ids
    ]
    assert broken == []


def test_the_home_page_has_the_figures_the_questions_and_the_attribution(client: Client, store: VersionedStore) -> None:
    shown = page(client, "/")
    words = re.sub(r"\s+", " ", shown.text)
    assert "articles 1 events 2 casualty figures 2 claims and denials 2 places 2 persons 1" in words
    stated = {quad.triple for quad in store.snapshot()}
    assert f"distinct statements in all {len(stated)} " in words
    assert "of these, not actual capture 0 0 1 1 0 equipment loss 1 0 0 1 1" in words
    for query in query_files.read_questions():
        assert query.title in shown.text and f"/queries/{query.name}" in shown.links
    assert {"https://example.org/wiki/Battle_of_Aba", "https://creativecommons.org/licenses/by-sa/4.0/"} <= set(
        shown.links
    )


def test_every_link_to_an_event_shows_its_standing(client: Client) -> None:
    """On every page, the standing and the factuality of an event stand beside its link."""
    disputed = r'<a href="%s"[^>]*>[^<]*</a>\s*<span class="mark disputed">disputed</span>\s*<span class="mark actual">'
    for path in ("/resource/place/aba", "/graph/article/aba", "/graph/entities", "/resource/" + FACTS.claims[0].id):
        assert re.search(disputed % re.escape(CAPTURE), client.get(path).text), path
    table = client.get("/sparql", query_string={"query": f"SELECT ?e {{ ?e a <{HAMA}Capture> }}", "format": "html"})
    assert re.search(disputed % re.escape(CAPTURE), table.text)
    assert 'class="mark disputed"' in client.get(CAPTURE).text


def test_an_event_quotes_the_passage_it_rests_on(client: Client) -> None:
    """The quotation is exact and links to the article."""
    response = client.get(CAPTURE)
    shown = '<blockquote>The <mark class="name">Reds</mark> took part of <mark class="name">Aba</mark> by 2 May 2017,'
    assert f'{shown} but the <mark class="name">Blues</mark> denied it.</blockquote>' in response.text
    assert "/resource/aba/article" in Page(response.text).links


@pytest.mark.parametrize(
    "path", ["/resource/place/nowhere", "/resource/a b", "/resource/<x>", "/graph/none", "/queries/none", "/nothing"]
)
def test_an_unknown_address_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


RDF_PATHS = ["/resource/place/aba", "/graph/article/aba", "/ontology", "/ontology/alignments", "/crosswalk"]


@pytest.mark.parametrize("path", RDF_PATHS)
@pytest.mark.parametrize(
    ("accept", "parser"),
    [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")],
)
def test_resources_graphs_and_the_ontology_are_available_as_rdf(
    client: Client, path: str, accept: str, parser: str
) -> None:
    """Every format has the same triples."""
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, accept)
    assert "Accept" in response.headers["Vary"].split(", ")
    reference = rdflib.Graph().parse(data=client.get(path + "?format=ntriples").data, format="nt")
    assert set(rdflib.Graph().parse(data=response.data, format=parser)) == set(reference) != set()


def test_the_ontology_page_has_an_anchor_and_the_relations_of_each_term(client: Client) -> None:
    """So https://w3id.org/hamakg/ontology#Capture leads to the term."""
    shown = page(client, "/ontology")
    assert {"Capture", "agent", "agentIn", "belongsTo", "Denied"} <= set(shown.ids)
    words = " ".join(shown.text.split())
    assert "inverse of agent in" in words
    assert (
        "in other vocabularies a kind of sem:hasActor ; close to crm:P14_carried_out_by ; narrower than wd:P710"
        in words
    )
    assert "wider than acled:GovernmentRegainsTerritory , acled:NonStateActorOvertakesTerritory" in words
    assert "has values claimed , confirmed , denied , reported" in words


def test_the_iris_of_codes_lead_to_the_crosswalk(client: Client) -> None:
    """The IRIs of all codes, such as https://w3id.org/hamakg/crosswalk/acled#ArmedClash, lead to the same file."""
    files = {
        path: client.get(path, headers={"Accept": "text/turtle"}).data for path in ("/crosswalk", "/crosswalk/acled")
    }
    assert files["/crosswalk"] == files["/crosswalk/acled"] and b"acled:ArmedClash a " in files["/crosswalk"]
    assert client.get("/crosswalk/other").status_code == 404


def test_the_crosswalk_is_a_page_for_browsers(client: Client) -> None:
    """Each code has an anchor, its definition, and the event classes that relate to it."""
    whole, acled = page(client, "/crosswalk"), page(client, "/crosswalk/acled")
    assert {"ArmedClash", "StateBased"} <= set(whole.ids) and "StateBased" not in acled.ids
    assert {"/ontology#Clash", "/ontology/alignments"} & set(acled.links) == {"/ontology#Clash"}
    words = " ".join(acled.text.split())
    assert "Armed clash Organised armed groups fight, and no lasting change of control is reported." in words
    assert "overlaps with assault ; close to clash ; wider than repulsion" in words


def test_the_alignments_are_a_page_for_browsers(client: Client) -> None:
    words = " ".join(page(client, "/ontology/alignments").text.split())
    assert "Alignments of the hamakg conflict ontology" in words
    assert "occurrence kind of sem:Event" in words and "agent close to crm:P14_carried_out_by" in words


def test_no_page_links_people_to_a_vocabulary_as_rdf_only(client: Client) -> None:
    """Links in running text lead to pages; files in RDF formats are offered beside them, as formats of the page."""
    shown = page(client, "/ontology")
    assert {"/ontology/alignments", "/crosswalk", "/crosswalk/acled#ArmedClash"} <= set(shown.links)
    assert not [link for link in shown.links if "?format=" in link and not link.startswith("/ontology?")]


def test_the_questions_are_listed_by_keyword(client: Client) -> None:
    questions = query_files.read_questions()
    shown = page(client, "/queries")
    assert [
        f"/queries/{question.name}" for question in questions if f"/queries/{question.name}" not in shown.links
    ] == []
    assert "/queries?keyword=casualties" in shown.links
    few = page(client, "/queries?keyword=casualties")
    listed = {link.removeprefix("/queries/") for link in few.links if link.startswith("/queries/")}
    assert listed == {question.name for question in questions if "casualties" in question.keywords} != set()
    assert "No question has this keyword" in page(client, "/queries?keyword=<none>").text


def test_crawlers_and_browsers_find_the_files_they_ask_for(client: Client) -> None:
    robots = client.get("/robots.txt")
    assert (robots.status_code, robots.mimetype) == (200, "text/plain")
    assert robots.text.splitlines()[:2] == ["User-agent: *", "Disallow: /sparql"]
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon.data[:4]) == (200, b"\0\0\1\0")


def test_the_rdf_of_a_resource_has_incoming_statements_too(client: Client) -> None:
    graph = rdflib.Graph().parse(data=client.get("/resource/place/aba?format=turtle").data, format="turtle")
    aba = rdflib.URIRef(NAMES.resource("place/aba"))
    assert (aba, rdflib.URIRef(HAMA + "placeKind"), rdflib.Literal("village")) in graph
    assert (rdflib.URIRef(NAMES.base + CAPTURE[1:]), rdflib.URIRef(HAMA + "place"), aba) in graph


def test_a_question_is_answered_for_the_values_in_the_form(client: Client) -> None:
    here, elsewhere = (client.get("/queries/events-at-place", query_string={"place": name}) for name in ("Aba", "Zzz"))
    assert CAPTURE in here.text and CAPTURE not in elsewhere.text
    assert 'value="Zzz"' in elsewhere.text and "No rows" in elsewhere.text


def test_a_question_takes_a_least_confidence_from_its_form(client: Client) -> None:
    """The capture of Aba has a confidence of 0.25."""
    shown, hidden, wrong, beyond = (
        client.get("/queries/events-at-place", query_string={"place": "Aba", "minConfidence": bar})
        for bar in ("0.25", "0.3", "seventy", "7")
    )
    assert CAPTURE in shown.text and CAPTURE not in hidden.text
    assert 'value="0.25"' in shown.text and "VALUES ?minConfidence { 0.25 }" in shown.text
    assert (wrong.status_code, beyond.status_code) == (400, 400)
    assert "is not the same kind of value as 0.0" in wrong.text and "is not between 0 and 1" in beyond.text


def test_a_value_cannot_inject_query_text_or_markup(client: Client) -> None:
    """Characters that would end a literal or a comment stay inside the literal, in the query and on the page."""
    response = client.get("/queries/events-at-place", query_string={"place": '" } SERVICE <http://x/> {} # <script>'})
    assert response.status_code == 200
    assert "No rows" in response.text and "<script>" not in response.text


@pytest.mark.parametrize("name", [query.name for query in query_files.read_questions()])
def test_an_answer_is_available_in_other_formats(client: Client, name: str) -> None:
    response = client.get(f"/queries/{name}?format=json")
    if "CONSTRUCT" in query_files.find_question(name).text:
        assert (response.status_code, response.mimetype) == (200, "application/ld+json")
        assert json.loads(response.data)
        return
    assert (response.status_code, response.mimetype) == (200, "application/sparql-results+json")
    assert json.loads(response.data)["head"]["vars"]


def test_labels_of_the_data_are_escaped(tmp_path: Path, write: Callable[..., VersionedStore]) -> None:
    """A name that looks like markup is shown as text on every page."""
    evil = '<img src=x onerror="alert(1)">'
    entities = tuple(
        dataclasses.replace(entity, name=evil) if entity.id == "place/aba" else entity for entity in FACTS.entities
    )
    with serving(write(tmp_path / "store", dataclasses.replace(FACTS, entities=entities)).path) as hostile:
        for path in ("/resource/place/aba", CAPTURE, "/graph/entities", "/"):
            assert "<img" not in hostile.get(path).text
        assert "&lt;img src=x" in hostile.get("/resource/place/aba").text


def test_an_error_of_the_endpoint_is_a_page_for_browsers(client: Client) -> None:
    response = client.get("/sparql", query_string={"query": "ASK {"}, headers={"Accept": "text/html"})
    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert "line 1, column 6" in response.text and ">ASK {</textarea>" in response.text
