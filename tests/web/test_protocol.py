"""``/sparql`` follows the SPARQL 1.1 Protocol: requests, formats of answers, and errors."""

import csv
import io
import json
from urllib.parse import urlencode

import pytest
import rdflib

from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.ask import MAX_CHARACTERS
from web.client import Answer, Client

SELECT = f"SELECT DISTINCT ?place WHERE {{ ?event a <{HAMA}Capture> ; <{HAMA}place> ?place }}"
ASK = f"ASK {{ ?event a <{HAMA}Capture> }}"
CONSTRUCT = f"CONSTRUCT {{ ?event <{HAMA}place> ?place }} WHERE {{ ?event a <{HAMA}Capture> ; <{HAMA}place> ?place }}"
PLACE = Iris().resource("place/aba")
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON, XML, CSV, TSV = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
TURTLE, NT, JSONLD, RDFXML = "text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"
NQUADS, TRIG = "application/n-quads", "application/trig"
SOLUTION_NAMES = {"json": JSON, "xml": XML, "csv": CSV, "tsv": TSV}
GRAPH_NAMES = {"turtle": TURTLE, "ntriples": NT, "jsonld": JSONLD, "rdfxml": RDFXML, "json": JSONLD, "xml": RDFXML}
PARSERS = {TURTLE: "turtle", NT: "nt", JSONLD: "json-ld", RDFXML: "xml", NQUADS: "nquads", TRIG: "trig"}
PARSERS |= {"text/plain": "nt", "application/json": "json-ld", "application/xml": "xml"}


def ask_for(client: Client, query: str, accept: str | None = None, **parameters: str) -> Answer:
    headers = {} if accept is None else {"Accept": accept}
    return client.get("/sparql", query_string={"query": query, **parameters}, headers=headers)


@pytest.mark.parametrize(
    ("query", "accept", "parameters", "media_type"),
    [
        # no preference, or one that every format satisfies
        *[(query, accept, {}, JSON) for query in (SELECT, ASK) for accept in (None, "*/*", "", "application/*")],
        *[(CONSTRUCT, accept, {}, TURTLE) for accept in (None, "*/*", "", "text/*")],
        # by name
        *[(query, kind, {}, kind) for query in (SELECT, ASK) for kind in (JSON, XML, CSV, TSV, "text/html")],
        *[(CONSTRUCT, kind, {}, kind) for kind in (TURTLE, NT, JSONLD, RDFXML, NQUADS, TRIG, "text/html")],
        # names that clients also use; the answer is named as they ask
        *[(SELECT, kind, {}, kind) for kind in ("application/json", "application/xml", "text/xml")],
        *[(CONSTRUCT, kind, {}, kind) for kind in ("application/json", "application/xml", "text/plain")],
        # with quality values (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1)
        (SELECT, f"{JSON};q=0.3, {CSV};q=0.7", {}, CSV),
        (SELECT, f"{CSV};q=0.7, {XML}", {}, XML),
        (SELECT, "*/*, application/sparql-results+json;q=0", {}, "application/json"),
        (SELECT, f"text/*, {CSV};q=0.1, text/html;q=0.1, text/xml;q=0.2", {}, TSV),
        (SELECT, f"application/pdf, {TSV};q=0.1", {}, TSV),
        (SELECT, "text/csv; charset=utf-8", {}, CSV),
        (CONSTRUCT, 'application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"', {}, JSONLD),
        (CONSTRUCT, f"{RDFXML};q=0.9, {TURTLE};q=0.8, */*;q=0.1", {}, RDFXML),
        (SELECT, BROWSER, {}, "text/html"),
        # by parameter, which takes precedence over Accept; a name or a media type
        *[(SELECT, BROWSER, {"format": name}, kind) for name, kind in SOLUTION_NAMES.items()],
        *[(CONSTRUCT, BROWSER, {"format": name}, kind) for name, kind in GRAPH_NAMES.items()],
        (SELECT, CSV, {"format": XML}, XML),
        (SELECT, CSV, {"format": "html"}, "text/html"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # of its own parts
def test_an_answer_has_the_format_that_the_request_asks_for(
    client: Client, query: str, accept: str | None, parameters: dict[str, str], media_type: str
) -> None:
    """The body can be read as its media type says, and contains the answer."""
    response = ask_for(client, query, accept, **parameters)
    assert (response.status_code, response.mimetype, response.headers["Vary"]) == (
        200,
        media_type,
        "Accept" if media_type == "text/html" else "Accept, Accept-Encoding",
    )
    values = read(response, query)
    assert PLACE in values if query != ASK else values == [True]


def read(response: Answer, query: str) -> list[object]:
    """The values in the body, read by another program than the one that wrote it."""
    kind, text = response.mimetype, response.text
    if kind == "text/html":
        return [PLACE if "resource/place/aba" in text else "Yes" in text]
    if kind in (CSV, TSV):
        rows = list(csv.reader(io.StringIO(text), delimiter="\t" if kind == TSV else ","))
        return [True] if rows == [["true"]] else [value.strip("<>") for row in rows for value in row]
    if query == CONSTRUCT:
        return [str(value) for _, _, value, _ in rdflib.Dataset().parse(data=text, format=PARSERS[kind]).quads()]
    result = rdflib.query.Result.parse(io.BytesIO(response.data), format="json" if "json" in kind else "xml")
    return (
        [result.askAnswer]
        if result.type == "ASK"
        else [str(value) for row in result if not isinstance(row, bool) for value in row]
    )


@pytest.mark.parametrize(
    ("method", "target", "content_type", "body"),
    [
        ("GET", "/sparql?" + urlencode({"query": SELECT}), None, None),
        ("GET", "/sparql/?" + urlencode({"query": SELECT}), None, None),
        ("POST", "/sparql", FORM, urlencode({"query": SELECT})),
        ("POST", "/sparql", f"{FORM}; charset=UTF-8", urlencode({"query": SELECT})),
        ("POST", "/sparql", DIRECT, SELECT),
        ("POST", "/sparql", f"{DIRECT}; charset=utf-8", SELECT + " # ÄÖ"),
    ],
)
def test_a_query_can_be_sent_in_three_ways(
    client: Client, method: str, target: str, content_type: str | None, body: str | None
) -> None:
    """https://www.w3.org/TR/sparql11-protocol/#query-operation"""
    response = client.open(target, method=method, content_type=content_type, data=body, headers={"Accept": CSV})
    assert (response.status_code, response.text) == (200, f"place\r\n{PLACE}\r\n")


@pytest.mark.parametrize("way", ["GET", "form", "direct"])
def test_a_request_can_name_the_data_set(client: Client, way: str) -> None:
    query = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    dataset = [("named-graph-uri", Iris().graph("entities")), ("default-graph-uri", Iris().article_graph("aba"))]
    both, target = urlencode([("query", query), *dataset]), "/sparql?" + urlencode(dataset)
    response = {
        "GET": lambda: client.get(f"/sparql?{both}&format=csv"),
        "form": lambda: client.post("/sparql?format=csv", content_type=FORM, data=both),
        "direct": lambda: client.post(f"{target}&format=csv", content_type=DIRECT, data=query),
    }[way]()
    assert response.text == f"g\r\n{Iris().graph('entities')}\r\n"


@pytest.mark.parametrize(
    ("method", "target", "content_type", "body", "status", "message"),
    [
        ("GET", "/sparql?format=json", None, None, 400, "Send one query; this request has none."),
        ("GET", "/sparql?query=ASK{}&query=ASK{}", None, None, 400, "Send one query; this request has 2."),
        ("POST", "/sparql?query=ASK{}", FORM, "query=ASK{}", 400, "Send one query; this request has 2."),
        ("POST", "/sparql", FORM, "", 400, "Send one query; this request has none."),
        ("GET", "/sparql?query=ASK+{", None, None, 400, "The query is malformed at line 1, column 6"),
        ("GET", "/sparql?query=SELECT+*%0A{+?s+?p+", None, None, 400, "The query is malformed at line 2, column 9"),
        ("GET", "/sparql?query=CLEAR+ALL", None, None, 400, "Only queries are answered, not updates (CLEAR)."),
        ("GET", "/sparql?query=ASK{}&default-graph-uri=x%20y", None, None, 400, "A graph of the data set is not named"),
        ("GET", "/sparql?query=%ff", None, None, 400, "The parameters are not percent-encoded UTF-8."),
        ("GET", "/sparql?query=ASK{}&format=docx", None, None, 400, "This answer cannot be written as 'docx'"),
        ("GET", "/sparql?query=ASK{}&format=turtle", None, None, 406, "This answer cannot be written as 'turtle'"),
        ("POST", "/sparql", DIRECT, b"ASK { ?s ?p '\xff' }", 400, "The query is not in UTF-8."),
        ("POST", "/sparql", f"{DIRECT}; charset=utf-16", "ASK {}".encode("utf-16"), 415, "POST a query as"),
        ("POST", "/sparql", "text/plain", "ASK {}", 415, "POST a query as application/sparql-query"),
        ("POST", "/sparql", None, "ASK {}", 415, "POST a query as application/sparql-query"),
        ("POST", "/sparql", DIRECT, "ASK {}" + " " * MAX_CHARACTERS, 413, "The query is longer than 65536 characters"),
        ("POST", "/sparql", DIRECT, " " * 2_000_000, 413, "The body is longer than 1048576 bytes; send it in parts."),
        ("GET", "/sparql?update=CLEAR+ALL", None, None, 400, "Send an update by POST."),
        ("POST", "/sparql", FORM, "update=CLEAR+ALL", 403, "This server is read-only"),
        ("POST", "/sparql", "application/sparql-update", "CLEAR ALL", 403, "This server is read-only"),
        ("GET", "/sparql?query=ASK{SERVICE<http://127.0.0.1:9/>{}}", None, None, 403, "SERVICE is refused"),
        ("PUT", "/sparql?query=ASK{}", None, None, 405, "PUT is not allowed here; GET, HEAD, POST, OPTIONS are."),
        ("DELETE", "/sparql", None, None, 405, "DELETE is not allowed here; GET, HEAD, POST, OPTIONS are."),
    ],
)  # fmt: skip
def test_a_bad_request_gets_its_status_and_one_line_that_says_why(
    client: Client,
    method: str,
    target: str,
    content_type: str | None,
    body: str | bytes | None,
    status: int,
    message: str,
) -> None:
    response = client.open(target, method=method, content_type=content_type, data=body)
    assert (response.status_code, response.mimetype) == (status, "text/plain")
    assert response.text.startswith(message) and response.text.count("\n") == 1


@pytest.mark.parametrize("accept", ["application/pdf", "image/*", "*/*;q=0", f"{JSON};q=0"])
def test_406_lists_the_formats_that_there_are(client: Client, accept: str) -> None:
    response = ask_for(client, SELECT, accept)
    assert response.status_code == 406
    assert "application/sparql-results+json (?format=json)" in response.text


def test_405_lists_the_methods_that_are_allowed(client: Client) -> None:
    response = client.put("/sparql")
    assert {method.strip() for method in response.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        (JSON, "text/plain"),
        ("*/*", "text/plain"),
    ],
)
def test_an_error_has_the_format_that_the_client_accepts(client: Client, accept: str, media_type: str) -> None:
    """Problem JSON (https://www.rfc-editor.org/rfc/rfc9457) for programs that ask for JSON."""
    response = ask_for(client, "ASK {", accept)
    message = 'The query is malformed at line 1, column 6, after "ASK {".'
    assert (response.status_code, response.mimetype) == (400, media_type)
    if media_type == "application/problem+json":
        assert json.loads(response.data) == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": message,
        }
    else:
        assert response.text == message + "\n"


@pytest.mark.parametrize(
    ("query", "name", "status"),
    [
        ('SELECT ("a\\u0001" AS ?x) {}', "xml", 406),
        ('SELECT ("a\\u0001" AS ?x) {}', "json", 200),
        ('CONSTRUCT { <a:s> <a:p> "a\\u0001" } {}', "rdfxml", 406),
        ("CONSTRUCT { <a:s> <http://e/1> 1 } {}", "rdfxml", 406),
        ("CONSTRUCT { <a:s> <http://e/> 1 } {}", "rdfxml", 406),
        ("CONSTRUCT { <a:s> <http://e/1> 1 } {}", "turtle", 200),
    ],
)
def test_xml_is_well_formed_or_refused(client: Client, query: str, name: str, status: int) -> None:
    assert ask_for(client, query, format=name).status_code == status


def test_describe_returns_each_triple_once(client: Client) -> None:
    """Although two graphs state names and types."""
    lines = ask_for(client, f"DESCRIBE <{PLACE}>", NT).text.splitlines()
    assert sorted(set(lines)) == sorted(lines) and f'<{PLACE}> <{HAMA}placeKind> "village" .' in lines


def test_scripts_of_other_origins_may_read_pages_and_pages_run_no_script(client: Client) -> None:
    headers = ask_for(client, ASK).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert (
        "default-src 'none'" in headers["Content-Security-Policy"]
        and "script" not in headers["Content-Security-Policy"]
    )
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_preflight_is_answered(client: Client) -> None:
    """Browsers send one before a direct POST to another origin (https://fetch.spec.whatwg.org/#http-cors-protocol)."""
    preflight = {"Origin": "https://e.example", "Access-Control-Request-Method": "POST"}
    headers = client.options("/sparql", headers={**preflight, "Access-Control-Request-Headers": "content-type"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert (
        "POST" in headers["Access-Control-Allow-Methods"] and "Content-Type" in headers["Access-Control-Allow-Headers"]
    )


def test_head_has_the_headers_of_get_and_no_body(client: Client) -> None:
    target = "/sparql?" + urlencode({"query": SELECT})
    got, head = client.get(target), client.head(target)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.data))


def test_relative_iris_are_resolved_against_the_endpoint(client: Client) -> None:
    """https://www.w3.org/TR/sparql11-protocol/#base-iri"""
    assert ask_for(client, "SELECT (<x> AS ?iri) {}", CSV).text == f"iri\r\n{client.base}/x\r\n"
