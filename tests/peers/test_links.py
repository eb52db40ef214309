"""What a browser makes of the IRIs in a graph: it follows links to the web, to mail and to the site, and no others."""

import random
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Page, expect

from hamakg.rdf.iris import Iris
from hamakg.web.pages.rendering.links import find_address
from peers.conftest import Open, serving
from support.hostile_iris import HOSTILE_IRIS, HOSTILE_TEXTS, LINKABLE_IRIS, write_hostile_graph
from support.stores import write_store

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::ResourceWarning")]

FOLLOWED = {"http:", "https:", "mailto:"}
NOT_FOLLOWED = ":"
"""The scheme that a browser gives for an address without sense, such as http://javascript:alert(1)."""

SCHEMES = ("javascript", "data", "file", "vbscript", "blob", "http", "https", "mailto", "ftp", "view-source", "x1")
ENDS = (":", "://", ":/", ":alert(1)", "://example.org/", ":a@example.org", "", "//", "://javascript:alert(1)")
NOISE = ("", *("",) * 90, *" \t\n\r\0\x01\x1f\x7f\x85\u00a0\u2028\ufeffſ")

IRIS = " ".join(f"<{iri}>" for iri in (*HOSTILE_IRIS, *LINKABLE_IRIS))
QUERY = f'SELECT ?iri ?text {{ VALUES ?iri {{ {IRIS} }} BIND(STRDT("a text", ?iri) AS ?text) }}'
PATHS = ["/", "/review", "/resource/place/aba", "/graph/texts", "/graph", "/reconcile/preview?id=place/aba"]
PATHS += [f"/sparql?{urlencode({'query': QUERY, 'format': 'html'})}"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = write_store(tmp_path_factory.mktemp("links") / "store")
    write_hostile_graph(store, Iris())
    with serving(store.path) as address:
        yield address


def read_links(page: Page) -> dict[str, str]:
    """The addresses of the page's links as they are written, each with the scheme by which the browser follows it."""
    read = "links => links.map(link => [link.getAttribute('href'), link.protocol])"
    return dict(page.locator("a[href]").evaluate_all(read))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_links_to_the_web_to_mail_and_to_itself(visit: Open, hostile: str, path: str) -> None:
    links = read_links(visit(hostile + path))
    assert set(links.values()) <= FOLLOWED
    assert not {*HOSTILE_IRIS, *HOSTILE_TEXTS} & links.keys()


@pytest.mark.parametrize("compact", [True, False])
def test_results_link_to_the_web_to_mail_and_to_the_site(visit: Open, hostile: str, compact: bool) -> None:
    """An IRI of another scheme is shown in full, as text; with types, those of values are shown so too."""
    page = visit(f"{hostile}/query?query={quote(QUERY)}")
    results = page.locator(".tabPanel.active .yasr_results")
    expect(results.locator("tbody a.iri").first).to_be_visible()
    if not compact:
        page.get_by_text("Simple view").click()
        expect(results.locator("tbody sup a.iri").first).to_be_visible()
    assert set(results.locator("tbody a.iri").all_inner_texts()) == {*HOSTILE_IRIS, *LINKABLE_IRIS}
    assert set(results.locator("tbody a[href]").all_inner_texts()) == {*LINKABLE_IRIS}
    assert set(read_links(page).values()) <= FOLLOWED


def test_the_browser_reads_a_safe_scheme_in_every_address_that_is_linked(visit: Open, address: str) -> None:
    """The pages and the query page decide alike on schemes in odd cases with blanks and control characters in them."""
    chosen = random.Random(15)

    def spell(scheme: str) -> str:
        letters = (chosen.choice((letter.upper(), letter.lower())) for letter in scheme)
        return "".join(chosen.choice(NOISE) + letter for letter in letters)

    texts = [spell(scheme) + end + chosen.choice(NOISE) for scheme in SCHEMES for end in ENDS for _ in range(20)]
    page = visit(f"{address}/query")
    decide = """texts => texts.map(text => {
        const link = document.createElement("a");
        link.setAttribute("href", text);
        return [isLinkable(text), link.protocol];
    })"""
    decided = dict(zip(texts, page.evaluate(decide, texts), strict=True))
    assert {text for text, (is_linked, _) in decided.items() if is_linked} == {*filter(find_address, texts)} != set()
    assert {protocol for is_linked, protocol in decided.values() if is_linked} == FOLLOWED | {NOT_FOLLOWED}
    assert {"javascript:", "data:", "file:"} <= {protocol for _, protocol in decided.values()}
