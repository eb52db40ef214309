"""Pages link to http, https and mailto addresses and to pages of their own, whatever IRIs and texts the graph has."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hamakg.rdf.iris import Iris
from hamakg.sparql import query_files
from hamakg.web.pages.rendering.links import find_address
from support.hostile_iris import HOSTILE_IRIS, HOSTILE_TEXTS, LINKABLE_IRIS, write_hostile_graph
from web.client import CHROMIUM, Client, serving
from web.conftest import Write

ADDRESSES = (
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "ping",
    "poster",
    "src",
    "srcset",
    "xlink:href",
)
"""The attributes of HTML that hold addresses (https://html.spec.whatwg.org/multipage/indices.html#attributes-3)."""

LINKED = ("http", "https", "mailto")
SITE = re.compile(r"/(?!/)|#")

PATHS = ["/", "/queries", "/query", "/sparql", "/ontology", "/ontology/alignments", "/crosswalk", "/crosswalk/acled"]
PATHS += ["/graph", "/graph/entities", "/graph/texts", "/graph/links", "/review", "/resource/place/aba"]
PATHS += [f"/queries/{query.name}" for query in query_files.read_questions()]
PATHS += ["/reconcile/preview?id=place/aba"]
PATHS += [f"/reconcile/preview?id={quote(iri)}" for iri in HOSTILE_IRIS]
PATHS += [f"/sparql?{urlencode({'query': query, 'format': 'html'})}" for query in (
    "SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(!STRSTARTS(STR(?o), 'https://w3id.org/hamakg/ontology')) }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
)]  # fmt: skip
UNKNOWN = [f"/{page}/{quote(iri)}" for page in ("resource", "graph", "queries") for iri in HOSTILE_IRIS]


HIDDEN = st.builds(
    lambda scheme, noise, place, rest: f"{scheme[:place]}{noise}{scheme[place:]}{rest}",
    st.sampled_from(
        ["javascript:", "JavaScript:", "data:", "FILE:", "vbscript:", "https:", "HTTP:", "mailto:", "x-http:"]
    ),
    st.text("".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0x2028, 0xFEFF))), max_size=2),
    st.integers(0, 11),
    st.sampled_from(["alert(1)", "//example.org/", "a@example.org", "//x/\njavascript:alert(1)"]),
)
"""Addresses with blanks or control characters before, in or behind their scheme."""


class Addresses(HTMLParser):
    """The addresses that a page links to, loads, or sends to; ``refreshes`` are its redirections."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.refreshes: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value or "" for name, value in attrs if name in ADDRESSES}
        self.refreshes += [value for name, value in attrs if name == "http-equiv"]


def read_scheme(address: str) -> str:
    """The scheme by which a browser follows an address, "" for one of the site.

    Browsers leave out control characters and blanks around an address, and tabs and line breaks within it
    (https://url.spec.whatwg.org/#concept-basic-url-parser).
    """
    followed = re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(0x21)))))
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", followed)
    return scheme[1].lower() if scheme else ""


@given(st.text("JjaAvVsScCrRiIpPtTdDfFlLeEhHmMoO:/.@ \t\n\r\0\x01\x1f\x7f\x85\u00a0ſ") | HIDDEN)
@example("httpſ://example.org/")
@example("https://example.org/\n")
@example("\x01javascript:alert(1)")
def test_an_address_is_linked_only_if_browsers_read_a_safe_scheme_in_it(text: str) -> None:
    if find_address(text) is not None:
        assert find_address(text) == text and read_scheme(text) in LINKED


@given(st.sampled_from(LINKED), st.data())
def test_an_address_of_the_web_or_of_mail_is_linked_in_any_case(scheme: str, data: st.DataObject) -> None:
    """A scheme may be written in any case (https://www.rfc-editor.org/rfc/rfc3986#section-3.1)."""
    spelt = "".join(data.draw(st.sampled_from((letter.lower(), letter.upper()))) for letter in scheme)
    address = f"{spelt}:a@example.org" if scheme == "mailto" else f"{spelt}://example.org/"
    assert find_address(address) == address


@pytest.fixture(scope="module")
def client(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("links")
    store = write(folder / "store")
    write_hostile_graph(store, Iris())
    with serving(store.path, "--token", "secret", "--decisions", str(folder / "mine.sssom.tsv")) as client:
        yield client


def find_unsafe(html: str) -> list[str]:
    """The addresses of a page that are neither of the web, nor mail, nor of the site."""
    page = Addresses(html)
    assert page.refreshes == []
    return [address for address in page.found if read_scheme(address) not in LINKED and not SITE.match(address)]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_links_to_the_web_and_to_itself_only(client: Client, path: str) -> None:
    response = client.get(path, headers={"Accept": CHROMIUM})
    assert (response.status_code, response.mimetype) == (200, "text/html"), response.text
    assert find_unsafe(response.text) == []


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_error_page_links_to_the_web_and_to_itself_only(client: Client, path: str) -> None:
    response = client.get(path, headers={"Accept": CHROMIUM})
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert find_unsafe(response.text) == []


def test_a_reviewer_is_shown_every_proposal_without_an_unsafe_link(client: Client) -> None:
    """All of them, one after the other: each IRI as text, and as a link if it is safe."""
    form, shown = {"token": "secret", "reviewer": "A. Reader", "answer": ""}, []
    for _ in range(100):
        response = client.post("/review", data=urlencode(form), content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200 and find_unsafe(response.text) == []
        link = re.search(r'name="link" value="([^"]*)"', response.text)
        if not link:
            break
        form |= {"answer": "skip", "link": link[1].replace("&#39;", "'")}
        shown.append(form["link"].partition(" ")[2])
    assert set(shown) == {*HOSTILE_IRIS, *LINKABLE_IRIS}


@pytest.mark.parametrize("path", ["/resource/place/aba", "/review"])
def test_the_iris_are_shown(client: Client, path: str) -> None:
    """What is no link is text; addresses of the web and of mail are links."""
    response = client.get(path)
    shown = response.text.replace("&#39;", "'")
    assert [iri for iri in HOSTILE_IRIS if iri not in shown] == []
    assert set(LINKABLE_IRIS) <= Addresses(response.text).found


def test_no_graph_gives_the_data_a_base_that_is_no_address() -> None:
    """The graph of entities shows the base of the data, which is an address of the web."""
    assert Iris.from_graphs(["javascript:alert(1)/graph/entities", "https://example.org/graph/entities"]) == Iris(
        "https://example.org/"
    )


def test_texts_that_look_like_addresses_are_no_links(client: Client) -> None:
    for path in ("/resource/place/aba", "/reconcile/preview?id=place/aba", "/"):
        assert not {*HOSTILE_TEXTS} & Addresses(client.get(path).text).found


def test_reconciliation_names_addresses_of_this_server(client: Client) -> None:
    """A client makes links of the manifest's addresses and the ids of the candidates."""
    manifest = client.get("/reconcile").json
    for address in (manifest["view"]["url"], manifest["preview"]["url"]):
        assert address.replace("{{id}}", HOSTILE_IRIS[0]).startswith(f"{client.base}/re")
