"""Resource pages: every resource has one, for people and for machines; long lists are cut, with a way to the rest."""

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from hamakg.model import Event
from hamakg.rdf.ids import event_id
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.pages.facts import VALUES_SHOWN
from hamakg.web.pages.resource import EVENTS_SHOWN, SENTENCES_SHOWN
from support.complete_facts import ABA, CAPTURE, FACTS, FIELD, SENTENCE
from web.client import Client, pages

NAMES = Iris()
Write = Callable[..., VersionedStore]


def serve(store: VersionedStore) -> FlaskClient:
    return pages(store).test_client()


def data_block(page: str) -> object:
    """The page's JSON-LD, read as a browser does: up to the next end tag."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def resources(store: VersionedStore) -> list[str]:
    """The paths of all that the data speaks of."""
    nodes = {node for quad in store.snapshot() for node in (quad.subject, quad.object)}
    iris = {node.value for node in nodes if isinstance(node, ox.NamedNode)}
    return sorted("/" + iri.removeprefix(NAMES.base) for iri in iris if iri.startswith(NAMES.resource("")))


def test_every_resource_answers_people_and_machines(client: Client, store: VersionedStore) -> None:
    """Each answer names its own address, which gives the same again."""
    paths = resources(store)
    assert len(paths) > 20
    for path in paths:
        for accept, form in (("text/html", "html"), ("text/turtle", "turtle")):
            response = client.get(path, headers={"Accept": accept})
            assert (response.status_code, response.mimetype) == (200, accept), path
            assert response.headers["Content-Location"] == f"{path}?format={form}"
            assert client.get(response.headers["Content-Location"]).data == response.data


def test_a_page_carries_its_statements_as_json_ld(client: Client, store: VersionedStore) -> None:
    """What is said of the resource, but not what only follows by the ontology."""
    page = client.get("/resource/place/aba").text
    node = ox.NamedNode(NAMES.resource("place/aba"))
    embedded = ox.parse(json.dumps(data_block(page)), format=ox.RdfFormat.JSON_LD)
    assert {quad.triple for quad in embedded} == {
        q.triple for q in store.snapshot().quads_for_pattern(node, None, None)
    }


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--<script>", "]]>\u2028&amp;\"'\\"])
def test_a_name_cannot_leave_the_data_block(tmp_path: Path, write: Write, name: str) -> None:
    """The block ends where it should and holds the name letter for letter; the rest of the page shows it."""
    entities = tuple(dataclasses.replace(entity, name=name) if entity == ABA else entity for entity in FACTS.entities)
    client = serve(write(tmp_path / "store", dataclasses.replace(FACTS, entities=entities)))
    page = client.get("/resource/place/aba").text
    assert re.findall(r"<(?:/?script|!--)[^>]*>", page) == ['<script type="application/ld+json">', "</script>"]
    (thing,) = data_block(page)
    assert {label["@value"] for label in thing["http://www.w3.org/2000/01/rdf-schema#label"]} == {name}


def test_the_word_that_tells_an_event_is_marked_in_its_sentence(tmp_path: Path, write: Write) -> None:
    """And the names of those it tells of; together the pieces are the sentence, letter for letter."""
    told = dataclasses.replace(CAPTURE, id=event_id("aba", SENTENCE.text, CAPTURE.type, "took"))
    client = serve(write(tmp_path / "store", dataclasses.replace(FACTS, events=(told,), claims=())))
    page = client.get(f"/resource/{told.id}").text
    quote = re.search(r"<blockquote>(.*?)</blockquote>", page)[1]
    assert re.sub(r"</?mark[^>]*>", "", quote) == SENTENCE.text
    assert re.findall(r'<mark class="(\w+)">(.*?)</mark>', quote) == [
        ("name", "Reds"), ("trigger", "took"), ("name", "Aba"), ("name", "Blues"),
    ]  # fmt: skip


def test_a_place_has_the_events_there_and_the_sentences_that_speak_of_it(client: Client) -> None:
    page = client.get("/resource/place/aba").text
    table = re.search(r'<h2 id="told">.*?</table>', page, re.DOTALL)[0]
    rows = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    assert [(row[2], "/resource/" + CAPTURE.id in row[3]) for row in rows if row] == [("at", True), ("toward", True)]
    quotes = [re.sub(r"<[^>]*>", "", quote) for quote in re.findall(r"<blockquote>(.*?)</blockquote>", page)]
    assert quotes == [FIELD.text, SENTENCE.text]


@pytest.fixture(scope="module")
def crowded(write: Write, tmp_path_factory: pytest.TempPathFactory) -> VersionedStore:
    """A place and a conflict with more than a page shows of each; the infobox names the place too."""
    numbers = range(EVENTS_SHOWN + 7)
    passages = tuple(dataclasses.replace(SENTENCE, id=f"aba/sentence/{n}", text=f"The {n}.") for n in numbers)
    events = tuple(crowd(n) for n in numbers)
    facts = dataclasses.replace(FACTS, events=events, claims=(), passages=(*FACTS.passages, *passages))
    return write(tmp_path_factory.mktemp("crowded") / "store", facts)


def crowd(number: int) -> Event:
    return Event(
        f"aba/event/{number}", CAPTURE.type, f"aba/sentence/{number}", "took", 0, agents=("actor/reds",),
        places=("place/aba",), factuality=CAPTURE.factuality, standing=CAPTURE.standing,
    )  # fmt: skip


def test_long_lists_are_cut_and_their_rest_is_asked_for_by_a_query(crowded: VersionedStore) -> None:
    """The query of each "ask for all" has as many rows as the page counts."""
    client, count = serve(crowded), EVENTS_SHOWN + 7
    page = client.get("/resource/place/aba").text
    conflict = client.get("/resource/conflict/battle-of-aba").text
    rest = re.compile(r'… and ([\d,]+) more: <a href="(/query\?[^"]*)">')
    found = [(int(more), link.replace("&amp;", "&")) for more, link in rest.findall(page) + rest.findall(conflict)]
    rows = [(count + 1, SENTENCES_SHOWN), (count, EVENTS_SHOWN), (count + 1, VALUES_SHOWN), (count, VALUES_SHOWN)]
    assert [more for more, _ in found] == [there - shown for there, shown in rows]
    for (_, link), (there, _) in zip(found, rows, strict=True):
        (query,) = parse_qs(urlsplit(link).query)["query"]
        answer = client.get("/sparql", query_string={"query": query}).json
        assert len(answer["results"]["bindings"]) == there


def test_of_a_crowd_the_first_that_are_found_are_shown(
    crowded: VersionedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not sorted, for that would read all; the page says so and has the way to all."""
    monkeypatch.setattr("hamakg.web.pages.resource.CROWDED", EVENTS_SHOWN)
    page = serve(crowded).get("/resource/place/aba").text
    assert page.count("These are some of many: <a href=") == 2
    assert len(re.findall(r"<blockquote>", page)) == SENTENCES_SHOWN
