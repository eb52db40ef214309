"""Errors: browsers get a page of the site, programs get problem JSON or text; a form keeps what was entered."""

import pytest

from web.client import CHROMIUM, Answer, Client, problem_beside, value_of

UNKNOWN = ["/nothing", "/health/nothing", "/metrics/nothing", "/sparql/nothing", "/.well-known/nothing"]
UNKNOWN += [
    "/store/nothing",
    "/store?graph=https://example.org/none",
    "/queries/none",
    "/static/none",
    "/reconcile/none",
]


def visit(client: Client, path: str, **query: str) -> Answer:
    """Requests a page as Chromium does."""
    return client.get(path, headers={"Accept": CHROMIUM}, query_string=query or None)


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_address_is_a_page_of_the_site_for_browsers(client: Client, path: str) -> None:
    """It has the site's navigation, whichever part of the server answers the address."""
    page = visit(client, path)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert '<nav aria-label="Site">' in page.text and '<a href="/queries">' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_address_is_problem_json_or_text_for_programs(client: Client, path: str) -> None:
    as_json = client.get(path, headers={"Accept": "application/json"})
    assert (as_json.status_code, as_json.mimetype, as_json.json["status"]) == (404, "application/problem+json", 404)
    as_text = client.get(path)
    assert (as_text.status_code, as_text.mimetype) == (404, "text/plain")


def test_other_errors_of_the_protocols_are_pages_for_browsers_too(client: Client) -> None:
    page = visit(client, "/store")
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert 'role="alert"' in page.text and '<nav aria-label="Site">' in page.text


def test_a_question_with_a_bad_value_keeps_the_form_filled_in(client: Client) -> None:
    """The message stands beside the field, the other field keeps its value, and no answer is shown."""
    page = visit(client, "/queries/events-nearby", within="far", place="Shire <b>")
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert value_of(page, "within") == "far" and value_of(page, "place") == "Shire &lt;b&gt;"
    assert "far" in problem_beside(page, "within")
    assert 'id="place-problem"' not in page.text and "<h2>Answer</h2>" not in page.text
    as_text = client.get("/queries/events-nearby?within=far")
    assert (as_text.status_code, as_text.mimetype) == (400, "text/plain") and "far" in as_text.text


@pytest.mark.parametrize(
    ("query", "form", "status", "field", "message"),
    [
        ("ASK { <x", "html", 400, "query", "line 1, column"),
        ("ASK { <x", "csv", 400, "query", "line 1, column"),
        ("ASK {}", "turtle", 406, "format", "cannot be written as"),
        ("ASK {}", "nonsense", 400, "query", "nonsense"),
        ("SELECT * { SERVICE <http://x.org/> {} }", "json", 403, "query", "SERVICE"),
    ],
)
def test_the_sparql_form_comes_back_filled_in(
    client: Client, query: str, form: str, status: int, field: str, message: str
) -> None:
    """Whether the form asks for a page or for another format, as it does when a visitor chooses one."""
    page = visit(client, "/sparql", query=query, format=form)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert f">{query.replace('<', '&lt;').replace('>', '&gt;')}</textarea>" in page.text
    assert message in problem_beside(page, field)
    if form != "nonsense":
        assert f'<option value="{form}" selected>' in page.text
