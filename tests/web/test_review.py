"""Whoever has the token decides on links in the browser; file of decisions and graph always agree."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace as replace_fields
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import NamedNode, Quad

from hamakg.graph import build_link_quads
from hamakg.link import SHIPPED_DECISIONS, change_decisions, read_decisions, read_links, write_decisions
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink, LinkStatus, Location
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore, replace_graph
from web.client import CHROMIUM, Answer, Client, problem_beside, serving, value_of
from web.conftest import Write

ABA, SECOND, SHIRE = (
    EntityLink("place/aba", WIKIDATA + "Q1", LinkStatus.PROPOSED, "Aba", "Abah <hill>", confidence=0.9),
    EntityLink("place/aba", WIKIDATA + "Q2", LinkStatus.PROPOSED, "Aba", "Abba", confidence=0.8),
    EntityLink("place/shire", WIKIDATA + "Q3", LinkStatus.PROPOSED, "Shire", "The Shire", comment="by its name"),
)
SETTLED = EntityLink("actor/reds", WIKIDATA + "Q4", LinkStatus.ACCEPTED, "Reds", "Reds")
S = NamedNode("https://example.org/s")
LINKS = [SETTLED, ABA, SECOND, SHIRE]


@pytest.fixture
def store(write: Write, tmp_path: Path) -> VersionedStore:
    store = write(tmp_path / "store")
    with store.open_draft() as draft:
        replace_graph(draft, Iris().graph("links"), build_link_quads(LINKS, Iris()))
    return store


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    path = tmp_path / "mine.sssom.tsv"
    write_decisions([SETTLED], path, Iris())
    return path


@pytest.fixture
def client(store: VersionedStore, decisions: Path) -> Iterator[Client]:
    with serving(store.path, "--token", "secret", "--decisions", str(decisions)) as client:
        yield client


def post(client: Client, answer: str = "", about: EntityLink | None = None, **form: str) -> Answer:
    given = {"token": "secret", "reviewer": "A. Reader", "answer": answer, **form}
    if about:
        given["link"] = f"{about.subject} {about.object}"
    return client.post("/review", data=urlencode(given), content_type="application/x-www-form-urlencoded")


def heading(page: Answer) -> str:
    """The heading of the page, which names the proposed link."""
    assert page.status_code == 200, page.text
    return page.text.partition("<h1>")[2].partition("</h1>")[0]


def links_in_store(store: VersionedStore) -> dict[str, tuple[LinkStatus, str | None]]:
    links = read_links(VersionedStore(store.path).snapshot(), Iris())
    return {link.object.removeprefix(WIKIDATA): (link.status, link.reviewer) for link in links}


def links_in_file(path: Path) -> dict[str, tuple[LinkStatus, str | None]]:
    return {link.object.removeprefix(WIKIDATA): (link.status, link.reviewer) for link in read_decisions(path)}


OPEN = (LinkStatus.PROPOSED, None)
BEFORE = {"Q4": (LinkStatus.ACCEPTED, None), "Q1": OPEN, "Q2": OPEN, "Q3": OPEN}


def test_the_proposed_links_are_listed_for_all(client: Client) -> None:
    page = client.get("/review", headers={"Accept": "text/html"})
    assert page.status_code == 200
    order = [page.text.index(name) for name in ("Abah &lt;hill&gt;", "Abba", "The Shire")]
    assert order == sorted(order) and "secret" not in page.text


def test_an_accepted_link_is_written_and_settles_its_subject(
    client: Client, store: VersionedStore, decisions: Path
) -> None:
    assert heading(post(client)) == "Aba: is it Abah &lt;hill&gt;?"
    after = post(client, "accept", ABA)
    assert heading(after) == "Shire: is it The Shire?" and "Accepted: Aba, Abah &lt;hill&gt;." in after.text
    accepted = (LinkStatus.ACCEPTED, "A. Reader")
    assert links_in_store(store) == {"Q4": BEFORE["Q4"], "Q1": accepted, "Q3": OPEN}
    assert links_in_file(decisions) == {"Q4": BEFORE["Q4"], "Q1": accepted}
    ask = "ASK { <https://w3id.org/hamakg/resource/place/aba> <http://www.w3.org/2004/02/skos/core#exactMatch> ?item }"
    assert client.get("/sparql", query_string={"query": ask, "format": "json"}).json["boolean"] is True


def test_a_rejected_link_is_kept_and_the_next_one_of_its_subject_is_offered(
    client: Client, store: VersionedStore, decisions: Path
) -> None:
    assert heading(post(client, "reject", ABA)) == "Aba: is it Abba?"
    rejected = (LinkStatus.REJECTED, "A. Reader")
    assert links_in_store(store) == {**BEFORE, "Q1": rejected}
    assert links_in_file(decisions) == {"Q4": BEFORE["Q4"], "Q1": rejected}


def test_undo_restores_file_and_store(client: Client, store: VersionedStore, decisions: Path) -> None:
    file, graph = decisions.read_text("utf-8"), [*read_links(store.snapshot(), Iris())]
    post(client, "reject", ABA)
    post(client, "accept", SECOND)
    assert heading(post(client, "undo")) == "Aba: is it Abba?"
    assert heading(post(client, "undo")) == "Aba: is it Abah &lt;hill&gt;?"
    assert (decisions.read_text("utf-8"), [*read_links(VersionedStore(store.path).snapshot(), Iris())]) == (file, graph)
    assert "There is nothing to undo." in post(client, "undo").text


def test_nobody_undoes_a_decision_of_somebody_else(client: Client, store: VersionedStore) -> None:
    post(client, "reject", ABA)
    assert "There is nothing to undo." in post(client, "undo", reviewer="B. Reader").text
    assert links_in_store(store)["Q1"] == (LinkStatus.REJECTED, "A. Reader")


def test_undo_keeps_later_decisions_of_others(client: Client, store: VersionedStore, decisions: Path) -> None:
    post(client, "reject", ABA)
    post(client, "accept", SECOND, reviewer="B. Reader")
    assert "Undone: Aba, Abah &lt;hill&gt;." in post(client, "undo").text
    theirs = (LinkStatus.ACCEPTED, "B. Reader")
    assert links_in_file(decisions) == {"Q4": BEFORE["Q4"], "Q2": theirs}
    assert links_in_store(store) == {**BEFORE, "Q2": theirs}
    assert heading(post(client)) == "Shire: is it The Shire?"
    post(client, "undo", reviewer="B. Reader")
    assert (links_in_store(store), links_in_file(decisions)) == (BEFORE, {"Q4": BEFORE["Q4"]})


def test_a_link_decided_in_the_file_in_the_meantime_is_not_offered_again(client: Client, decisions: Path) -> None:
    """A reviewer in a terminal may be working on the same file."""
    assert heading(post(client)) == "Aba: is it Abah &lt;hill&gt;?"
    other = EntityLink(ABA.subject, ABA.object, LinkStatus.REJECTED, "Aba", reviewer="A terminal")
    change_decisions(decisions, Iris(), lambda known: [*known, other])
    assert "decided on this link in the meantime" in post(client, "accept", ABA).text
    assert links_in_file(decisions)["Q1"] == (LinkStatus.REJECTED, "A terminal")
    assert "Abah" not in client.get("/review", headers={"Accept": "text/html"}).text


def test_a_decision_that_the_store_refuses_is_not_in_the_file_either(store: VersionedStore, decisions: Path) -> None:
    options = ("--token", "secret", "--decisions", str(decisions), "--timeout", "1")
    with serving(store.path, *options) as client, store.open_draft():
        answer = post(client, "reject", ABA)
        assert answer.status_code == 503 and "Another process is writing" in answer.text
        assert links_in_file(decisions) == {"Q4": BEFORE["Q4"]}
        assert "There is nothing to undo." in post(client, "undo").text


def test_a_decision_that_the_store_cannot_undo_stays_in_the_file_too(store: VersionedStore, decisions: Path) -> None:
    options = ("--token", "secret", "--decisions", str(decisions), "--timeout", "1")
    with serving(store.path, *options) as client:
        post(client, "reject", ABA)
        with store.open_draft():
            assert post(client, "undo").status_code == 503
        assert links_in_file(decisions)["Q1"] == links_in_store(store)["Q1"] == (LinkStatus.REJECTED, "A. Reader")
        assert heading(post(client, "undo")) == "Aba: is it Abah &lt;hill&gt;?"
    assert (links_in_store(store), links_in_file(decisions)) == (BEFORE, {"Q4": BEFORE["Q4"]})


def test_a_decision_is_about_the_proposal_as_it_is_now(client: Client, store: VersionedStore) -> None:
    """Another run may have found other coordinates since the page was shown."""
    post(client)
    moved = replace_fields(ABA, location=Location("35.3", "36.6", "two", ABA.object))
    with store.open_draft() as draft:
        replace_graph(draft, Iris().graph("links"), build_link_quads([SETTLED, moved, SECOND, SHIRE], Iris()))
    post(client, "accept", ABA)
    (found,) = (one for one in read_links(VersionedStore(store.path).snapshot(), Iris()) if one.object == ABA.object)
    assert found.location == moved.location


def test_no_other_origin_may_read_the_review(client: Client) -> None:
    for answer in (client.get("/review"), post(client), client.options("/review")):
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get("/").headers["Access-Control-Allow-Origin"] == "*"


def test_an_undone_proposal_is_listed_again_after_other_writes(client: Client, store: VersionedStore) -> None:
    post(client, "reject", ABA)
    with store.open_draft() as draft:
        replace_graph(draft, "https://example.org/g", [Quad(S, S, S, NamedNode("https://example.org/g"))])
    assert heading(post(client)) == "Aba: is it Abba?"
    assert heading(post(client, "undo")) == "Aba: is it Abah &lt;hill&gt;?"
    assert links_in_store(store) == BEFORE


def test_concurrent_reviewers_lose_no_decision(client: Client, store: VersionedStore, decisions: Path) -> None:
    with ThreadPoolExecutor(3) as at_once:
        list(at_once.map(lambda about: post(client, "reject", about, reviewer=f"for {about.object}"), LINKS[1:]))
    rejected = {link.object.removeprefix(WIKIDATA): (LinkStatus.REJECTED, f"for {link.object}") for link in LINKS[1:]}
    assert links_in_file(decisions) == links_in_store(store) == {"Q4": BEFORE["Q4"], **rejected}


def test_skipping_decides_nothing_and_ends_after_the_last(client: Client, store: VersionedStore) -> None:
    assert heading(post(client, "skip", ABA)) == "Aba: is it Abba?"
    assert heading(post(client, "skip", SECOND)) == "Shire: is it The Shire?"
    assert heading(post(client, "skip", SHIRE)) == "That was the last proposed link"
    assert links_in_store(store) == BEFORE


def test_a_link_decided_in_the_meantime_is_not_decided_again(client: Client, store: VersionedStore) -> None:
    post(client, "accept", ABA, reviewer="B. Reader")
    assert "decided on this link in the meantime" in post(client, "accept", SECOND).text
    assert links_in_store(store)["Q1"] == (LinkStatus.ACCEPTED, "B. Reader")


REFUSED = {
    "a wrong token": ({"token": "wrong"}, 403, "This is not the token of this server."),
    "no token": ({"token": ""}, 403, "This is not the token of this server."),
    "nobody": ({"reviewer": "  "}, 400, "Enter your name: it is kept with each decision."),
    "a long name": ({"reviewer": "a" * 201}, 400, "The reviewer's name must have at most 200 characters"),
    "an unprintable character": ({"reviewer": "a\x00b"}, 400, "The reviewer's name must have at most 200 characters"),
    "a character that reverses text": (
        {"reviewer": "a\u202eb"},
        400,
        "The reviewer's name must have at most 200 characters",
    ),
    "no answer": ({"answer": "burn"}, 400, "There is no answer 'burn'; the answers are accept, reject, skip and undo."),
}


def test_a_refused_answer_changes_nothing(client: Client, store: VersionedStore, decisions: Path) -> None:
    for what, (form, status, why) in REFUSED.items():
        answer = post(client, about=ABA, **{"answer": "accept", **form})
        assert (answer.status_code, answer.text[: len(why)]) == (status, why), what
    assert (links_in_store(store), links_in_file(decisions)) == (BEFORE, {"Q4": BEFORE["Q4"]})


def test_the_form_comes_back_filled_in(client: Client) -> None:
    """The message stands beside the field; the page never contains the token that was sent."""

    def begin(**fields: str) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return client.post("/review", headers={"Accept": CHROMIUM}, data=urlencode(fields), content_type=kind)

    wrong_token, no_name = begin(reviewer="A. Reader", token="wrong"), begin(reviewer="", token="secret")
    assert [(page.status_code, page.mimetype) for page in (wrong_token, no_name)] == [
        (403, "text/html"),
        (400, "text/html"),
    ]
    assert value_of(wrong_token, "reviewer") == "A. Reader"
    assert problem_beside(wrong_token, "token") == "This is not the token of this server."
    assert problem_beside(no_name, "reviewer").startswith("Enter your name")
    assert "wrong" not in wrong_token.text and "secret" not in no_name.text


def test_without_a_file_nothing_is_decided_and_the_page_explains_why(store: VersionedStore) -> None:
    with serving(store.path, "--token", "secret") as client:
        page = client.get("/review", headers={"Accept": "text/html"})
        assert "hamakg serve --token TOKEN --decisions FILE" in page.text and "<form" not in page.text
        answer = post(client, "accept", ABA)
        assert answer.status_code == 403 and "was started without --token and --decisions" in answer.text
    assert links_in_store(store) == BEFORE


def test_a_new_file_starts_with_the_shipped_decisions(store: VersionedStore, tmp_path: Path) -> None:
    new = tmp_path / "new.sssom.tsv"
    with serving(store.path, "--token", "secret", "--decisions", str(new)) as client:
        post(client, "reject", SHIRE)
    assert len(read_decisions(new)) == len(read_decisions(SHIPPED_DECISIONS)) + 1
