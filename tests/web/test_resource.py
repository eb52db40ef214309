"""Every resource has a page and RDF; long lists are cut and link to a query for all of their items."""

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from hamakg.model import Event
from hamakg.rdf.ids import event_id
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.pages.rendering.properties import VALUES_SHOWN
from hamakg.web.pages.resource import EVENTS_SHOWN, PASSAGES_SHOWN
from support.complete_facts import ABA, CAPTURE, FACTS, FIELD, SENTENCE
from web.client import Client, pages

NAMES = Iris()
Write = Callable[..., VersionedStore]


def serve(store: VersionedStore) -> FlaskClient:
    return pages(store).test_client()


def data_block(page: str) -> Any:
    """The page's JSON-LD, read as a browser reads it: up to the next end tag."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def resources(store: VersionedStore) -> list[str]:
    """The paths of all resources in the data."""
    nodes = {node for quad in store.snapshot() for node in (quad.subject, quad.object)}
    iris = {node.value for node in nodes if isinstance(node, ox.NamedNode)}
    return sorted("/" + iri.removeprefix(NAMES.base) for iri in iris if iri.startswith(NAMES.resource("")))


def test_every_resource_answers_people_and_machines(client: Client, store: VersionedStore) -> None:
    """Each answer names its own address, which returns the same content."""
    paths = resources(store)
    assert len(paths) > 20
    for path in paths:
        for accept, form in (("text/html", "html"), ("text/turtle", "turtle")):
            response = client.get(path, headers={"Accept": accept})
            assert (response.status_code, response.mimetype) == (200, accept), path
            assert response.headers["Content-Location"] == f"{path}?format={form}"
            assert client.get(response.headers["Content-Location"]).data == response.data


def test_a_page_carries_its_statements_as_json_ld(client: Client, store: VersionedStore) -> None:
    """It has the stated facts about the resource, not the inferred ones."""
    page = client.get("/resource/place/aba").text
    node = ox.NamedNode(NAMES.resource("place/aba"))
    embedded = ox.parse(json.dumps(data_block(page)), format=ox.RdfFormat.JSON_LD)
    assert {quad.triple for quad in embedded} == {
        q.triple for q in store.snapshot().quads_for_pattern(node, None, None)
    }


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--<script>", "]]>\u2028&amp;\"'\\"])
def test_a_name_cannot_leave_the_data_block(tmp_path: Path, write: Write, name: str) -> None:
    """The block ends where it should and holds the exact name."""
    entities = tuple(dataclasses.replace(entity, name=name) if entity == ABA else entity for entity in FACTS.entities)
    client = serve(write(tmp_path / "store", dataclasses.replace(FACTS, entities=entities)))
    page = client.get("/resource/place/aba").text
    assert re.findall(r"<(?:/?script|!--)[^>]*>", page) == ['<script type="application/ld+json">', "</script>"]
    (thing,) = data_block(page)
    assert {label["@value"] for label in thing["http://www.w3.org/2000/01/rdf-schema#label"]} == {name}


def test_the_word_that_tells_an_event_is_marked_in_its_sentence(tmp_path: Path, write: Write) -> None:
    """So are the names of its participants; together the spans are the exact sentence."""
    told = dataclasses.replace(CAPTURE, id=event_id("aba", SENTENCE.text, CAPTURE.type, "took"))
    client = serve(write(tmp_path / "store", dataclasses.replace(FACTS, events=(told,), claims=())))
    page = client.get(f"/resource/{told.id}").text
    (quote,) = re.findall(r"<blockquote>(.*?)</blockquote>", page)
    assert re.sub(r"</?mark[^>]*>", "", quote) == SENTENCE.text
    assert re.findall(r'<mark class="(\w+)">(.*?)</mark>', quote) == [
        ("name", "Reds"), ("trigger", "took"), ("name", "Aba"), ("name", "Blues"),
    ]  # fmt: skip


def test_a_place_has_its_events_and_the_passages_that_mention_it(client: Client) -> None:
    page = client.get("/resource/place/aba").text
    (table,) = re.findall(r'<h2 id="events">.*?</table>', page, re.DOTALL)
    rows = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    assert [(row[2], "/resource/" + CAPTURE.id in row[3]) for row in rows if row] == [("at", True), ("toward", True)]
    quotes = [re.sub(r"<[^>]*>", "", quote) for quote in re.findall(r"<blockquote>(.*?)</blockquote>", page)]
    assert quotes == [FIELD.text, SENTENCE.text]


@pytest.fixture(scope="module")
def crowded(write: Write, tmp_path_factory: pytest.TempPathFactory) -> VersionedStore:
    """A place and a conflict with more events than a page shows; the infobox names the place too."""
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


def test_a_cut_list_links_to_a_query_for_all_its_items(crowded: VersionedStore) -> None:
    """The query behind each "show all" has as many rows as the page counts."""
    client, count = serve(crowded), EVENTS_SHOWN + 7
    page = client.get("/resource/place/aba").text
    conflict = client.get("/resource/conflict/battle-of-aba").text
    rest = re.compile(r'… and ([\d,]+) more: <a href="(/query\?[^"]*)">')
    found = [(int(more), link.replace("&amp;", "&")) for more, link in rest.findall(page) + rest.findall(conflict)]
    rows = [(count + 1, PASSAGES_SHOWN), (count, EVENTS_SHOWN), (count + 1, VALUES_SHOWN), (count, VALUES_SHOWN)]
    assert [more for more, _ in found] == [there - shown for there, shown in rows]
    for (_, link), (there, _) in zip(found, rows, strict=True):
        (query,) = parse_qs(urlsplit(link).query)["query"]
        answer: Any = client.get("/sparql", query_string={"query": query}).json
        assert len(answer["results"]["bindings"]) == there


def test_the_lists_of_a_crowded_resource_are_not_sorted(
    crowded: VersionedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorting would read all items; the page says that the list is partial and links to all."""
    monkeypatch.setattr("hamakg.web.pages.resource.CROWDED", EVENTS_SHOWN)
    page = serve(crowded).get("/resource/place/aba").text
    assert page.count("These are only some of many: <a href=") == 2
    assert len(re.findall(r"<blockquote>", page)) == PASSAGES_SHOWN
