"""The query page in a real browser."""

import csv
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql import query_files
from hamakg.store import VersionedStore, replace_graph
from peers.conftest import NARROW, WIDE, Open, serving
from support.complete_facts import FACTS

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::ResourceWarning")]

SHOWN = 50  # rows on one page of the table
NAMES = Iris()
SAMPLE = "denied-claims"
TITLE = query_files.find_question(SAMPLE).title
CAPTURES = (
    f"SELECT ?capture ?place WHERE {{ ?capture a <{HAMA}Capture> ; <{HAMA}place> ?place }} ORDER BY ?capture ?place"
)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of data whose names are markup."""
    store = VersionedStore(tmp_path_factory.mktemp("hostile") / "store")
    entities = tuple(dataclasses.replace(entity, name=EVIL + entity.name) for entity in FACTS.entities)
    facts = dataclasses.replace(FACTS, entities=entities)
    with store.open_draft() as draft:
        replace_graph(draft, NAMES.article_graph(facts.article.slug), build_article_quads(facts, NAMES))
        replace_graph(draft, NAMES.graph("entities"), build_entity_quads(draft, NAMES))
    with serving(store.path) as address:
        yield address


def answer(address: str, query: str) -> list[list[str]]:
    """The endpoint's own answer as CSV: the columns, then the rows."""
    with urlopen(f"{address}/sparql?{urlencode({'query': query, 'format': 'csv'})}") as response:
        return list(csv.reader(io.StringIO(response.read().decode())))


def table(page: Page) -> Locator:
    return page.locator(".tabPanel.active .yasr_results table")


def rows(page: Page) -> list[list[str]]:
    """What the table's cells say, with the IRI in place of a link's words."""
    expect(table(page).locator("tbody td").first).to_be_visible()
    read = """rows => rows.map(row => [...row.cells].map(
        cell => cell.querySelector("a.iri")?.dataset.iri ?? cell.innerText.trim()))"""
    cells: list[list[str]] = table(page).locator("tbody tr").evaluate_all(read)
    return cells


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_sample_is_one_click_away_and_shows_its_rows(visit: Open, address: str, width: int) -> None:
    """All of them, as the endpoint answers, and nothing of the page is wider than the window."""
    page = visit(f"{address}/query", width)
    page.get_by_role("link", name=TITLE).click()
    columns, *expected = answer(address, query_files.find_question(SAMPLE).text)
    assert rows(page) == expected
    assert table(page).locator("thead th").all_inner_texts()[-len(columns) :] == columns
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_labels_stand_beside_iris_which_lead_to_their_pages(visit: Open, address: str) -> None:
    page = visit(f"{address}/query?query={quote(CAPTURES)}")
    link = table(page).get_by_role("link", name="place/kawkab").first
    expect(link.locator("xpath=preceding-sibling::span")).to_have_text("Kawkab")
    assert link.get_attribute("href") == "/resource/place/kawkab"


def test_rows_are_sorted_by_a_click_on_a_heading(visit: Open, address: str) -> None:
    page = visit(f"{address}/query?query={quote(CAPTURES)}")
    _, *expected = answer(address, CAPTURES)
    assert rows(page) == expected[:SHOWN]
    table(page).locator("thead th", has_text="place").click()
    assert [place for _, place in rows(page)] == sorted(place for _, place in expected)[:SHOWN]


def test_the_table_is_downloaded_as_csv(visit: Open, address: str) -> None:
    page = visit(f"{address}/query?query={quote(CAPTURES)}")
    rows(page)
    with page.expect_download() as found:
        page.get_by_role("button", name="Download Results").click()
    assert found.value.suggested_filename.endswith(".csv")
    text = Path(found.value.path()).read_text("utf-8")
    assert list(csv.reader(io.StringIO(text))) == answer(address, CAPTURES)


def test_the_raw_response_is_there(visit: Open, address: str) -> None:
    page = visit(f"{address}/query?query={quote('ASK {}')}")
    expect(page.locator(".tabPanel.active .yasr_results")).to_contain_text("True")
    page.get_by_role("button", name="Shows Response view").click()
    expect(page.locator(".tabPanel.active .yasr_results")).to_contain_text('"boolean"')


def test_a_link_carries_the_query(visit: Open, address: str) -> None:
    """And nothing but it: no link can name another endpoint."""
    page = visit(f"{address}/query?query={quote(CAPTURES)}")
    expected = rows(page)
    page.locator(".tabPanel.active .yasqe_share").click()
    link = page.locator(".yasqe_sharePopup input").input_value()
    assert link == f"{address}/query#query={quote(CAPTURES, safe='()*')}"
    assert rows(visit(f"{link}&endpoint=http://127.0.0.1:9/&headers={quote('{')}")) == expected


def test_prefixes_and_terms_are_completed(visit: Open, address: str) -> None:
    """A prefix is declared when it is first used; classes, properties and values come each in their places."""
    page = visit(f"{address}/query")
    page.evaluate("void yasgui.getTab().setQuery('')")
    page.locator(".tabPanel.active .CodeMirror textarea").focus()
    for typed, term in (
        ("SELECT * { ?event a hama:AirS", "AirStrike"),
        (" ; hama:standi", "standing"),
        (" hama:Disp", "Disputed"),
    ):
        page.keyboard.type(typed)
        expect(page.locator(".CodeMirror-hint-active")).to_contain_text(f"hama:{term}")
        page.wait_for_timeout(500)  # the list is drawn anew when the query has been parsed
        page.keyboard.press("Enter")
    page.keyboard.type(" }")
    expected = f"PREFIX hama: <{HAMA}>\nSELECT * {{ ?event a hama:AirStrike ; hama:standing hama:Disputed }}"
    assert page.evaluate("yasgui.getTab().getQuery()") == expected


def test_the_keyboard_is_enough(visit: Open, address: str) -> None:
    """From the top of a narrow page to a sample, into the editor, to run it, and out of it to the download."""
    page = visit(f"{address}/query", NARROW)

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    tab_to(f"[data-sample={SAMPLE}]")
    page.keyboard.press("Enter")
    expected = rows(page)
    tab_to(".CodeMirror textarea")
    page.keyboard.press("Control+End")
    page.keyboard.type("# the same")
    page.keyboard.press("Control+Enter")
    assert rows(page) == expected
    page.keyboard.press("Escape")
    tab_to(".yasr_downloadIcon")
    with page.expect_download():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("path", ["/resource/place/aba", "/resource/aba/event/capture", "/"])
def test_names_that_are_markup_do_nothing_on_pages(visit: Open, hostile: str, path: str) -> None:
    """No dialog comes up, and no image is loaded: visit() would tell."""
    expect(visit(hostile + path).locator("h1")).to_be_visible()


def test_names_that_are_markup_do_nothing_in_results(visit: Open, hostile: str) -> None:
    """Neither as values nor as labels beside IRIs: they are shown."""
    query = "SELECT ?place ?name { ?place a hama:Place ; rdfs:label ?name }"
    prefixes = f"PREFIX hama: <{HAMA}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    page = visit(f"{hostile}/query?query={quote(prefixes + query)}")
    names = {row[-1] for row in rows(page)}
    assert names == {f"{EVIL}Aba", f"{EVIL}Shire"}
    expect(table(page).locator(".label").first).to_contain_text(EVIL)
    assert table(page).locator("img, script").count() == 0


def test_an_answer_that_was_cut_says_so(visit: Open, address: str) -> None:
    """By the header that the endpoint sends with the first rows of too many."""
    page = visit(f"{address}/query?query={quote(CAPTURES)}")
    rows(page)
    expect(page.locator("#cut")).to_be_hidden()
    page.route("**/sparql", cut)
    page.locator(".tabPanel.active .yasqe_queryButton").click()
    expect(page.locator("#cut")).to_be_visible()


def cut(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, headers={**response.headers, "Hamakg-Cut": "rows"})


def test_a_mistake_is_told_with_its_place(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/query?query={quote('SELECT * { ?a ?b }')}")
    expect(page.locator(".tabPanel.active .yasr_results")).to_contain_text("The query is malformed at line 1, column ")
    page.close()
