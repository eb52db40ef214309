"""Links are decided on in the browser by whoever has the token: in the file of decisions and in the graph alike."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace as replace_fields
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import NamedNode, Quad

from hamakg.graph import build_link_quads
from hamakg.link import SHIPPED, change_decisions, read_decisions, stored, write_decisions
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink, LinkStatus, Location
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore, replace_graph
from web.client import Answer, Client, serving
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


def say(client: Client, answer: str = "", about: EntityLink | None = None, **form: str) -> Answer:
    given = {"token": "secret", "reviewer": "A. Reader", "answer": answer, **form}
    if about:
        given["link"] = f"{about.subject} {about.object}"
    return client.post("/review", data=urlencode(given), content_type="application/x-www-form-urlencoded")


def shown(page: Answer) -> str:
    """The heading of the page: the candidate that is asked about."""
    assert page.status_code == 200, page.text
    return page.text.partition("<h1>")[2].partition("</h1>")[0]


def in_store(store: VersionedStore) -> dict[str, tuple[LinkStatus, str | None]]:
    links = stored(VersionedStore(store.path).snapshot(), Iris())
    return {link.object.removeprefix(WIKIDATA): (link.status, link.reviewer) for link in links}


def in_file(path: Path) -> dict[str, tuple[LinkStatus, str | None]]:
    return {link.object.removeprefix(WIKIDATA): (link.status, link.reviewer) for link in read_decisions(path)}


OPEN = (LinkStatus.PROPOSED, None)
BEFORE = {"Q4": (LinkStatus.ACCEPTED, None), "Q1": OPEN, "Q2": OPEN, "Q3": OPEN}


def test_the_candidates_are_listed_for_all(client: Client) -> None:
    page = client.get("/review", headers={"Accept": "text/html"})
    assert page.status_code == 200
    order = [page.text.index(name) for name in ("Abah &lt;hill&gt;", "Abba", "The Shire")]
    assert order == sorted(order) and "secret" not in page.text


def test_an_accepted_link_is_written_and_settles_its_subject(
    client: Client, store: VersionedStore, decisions: Path
) -> None:
    assert shown(say(client)) == "Aba: is it Abah &lt;hill&gt;?"
    after = say(client, "accept", ABA)
    assert shown(after) == "Shire: is it The Shire?" and "Accepted: Aba, Abah &lt;hill&gt;." in after.text
    accepted = (LinkStatus.ACCEPTED, "A. Reader")
    assert in_store(store) == {"Q4": BEFORE["Q4"], "Q1": accepted, "Q3": OPEN}
    assert in_file(decisions) == {"Q4": BEFORE["Q4"], "Q1": accepted}
    ask = "ASK { <https://w3id.org/hamakg/resource/place/aba> <http://www.w3.org/2004/02/skos/core#exactMatch> ?item }"
    assert client.get("/sparql", query_string={"query": ask, "format": "json"}).json["boolean"] is True


def test_a_rejected_one_is_kept_and_the_next_of_the_subject_is_asked(
    client: Client, store: VersionedStore, decisions: Path
) -> None:
    assert shown(say(client, "reject", ABA)) == "Aba: is it Abba?"
    rejected = (LinkStatus.REJECTED, "A. Reader")
    assert in_store(store) == {**BEFORE, "Q1": rejected}
    assert in_file(decisions) == {"Q4": BEFORE["Q4"], "Q1": rejected}


def test_undo_makes_file_and_store_what_they_were(client: Client, store: VersionedStore, decisions: Path) -> None:
    file, graph = decisions.read_text("utf-8"), [*stored(store.snapshot(), Iris())]
    say(client, "reject", ABA)
    say(client, "accept", SECOND)
    assert shown(say(client, "undo")) == "Aba: is it Abba?"
    assert shown(say(client, "undo")) == "Aba: is it Abah &lt;hill&gt;?"
    assert (decisions.read_text("utf-8"), [*stored(VersionedStore(store.path).snapshot(), Iris())]) == (file, graph)
    assert "There is nothing to undo." in say(client, "undo").text


def test_nobody_undoes_what_another_decided(client: Client, store: VersionedStore) -> None:
    say(client, "reject", ABA)
    assert "There is nothing to undo." in say(client, "undo", reviewer="B. Reader").text
    assert in_store(store)["Q1"] == (LinkStatus.REJECTED, "A. Reader")


def test_undo_leaves_what_another_decided_since(client: Client, store: VersionedStore, decisions: Path) -> None:
    say(client, "reject", ABA)
    say(client, "accept", SECOND, reviewer="B. Reader")
    assert "Undone: Aba, Abah &lt;hill&gt;." in say(client, "undo").text
    theirs = (LinkStatus.ACCEPTED, "B. Reader")
    assert in_file(decisions) == {"Q4": BEFORE["Q4"], "Q2": theirs}
    assert in_store(store) == {**BEFORE, "Q2": theirs}
    assert shown(say(client)) == "Shire: is it The Shire?"
    say(client, "undo", reviewer="B. Reader")
    assert (in_store(store), in_file(decisions)) == (BEFORE, {"Q4": BEFORE["Q4"]})


def test_what_was_decided_in_the_file_meanwhile_is_not_asked_again(client: Client, decisions: Path) -> None:
    """A reviewer in a terminal may be at work on the same file."""
    assert shown(say(client)) == "Aba: is it Abah &lt;hill&gt;?"
    other = EntityLink(ABA.subject, ABA.object, LinkStatus.REJECTED, "Aba", reviewer="A terminal")
    change_decisions(decisions, Iris(), lambda known: [*known, other])
    assert "decided on meanwhile" in say(client, "accept", ABA).text
    assert in_file(decisions)["Q1"] == (LinkStatus.REJECTED, "A terminal")
    assert "Abah" not in client.get("/review", headers={"Accept": "text/html"}).text


def test_what_the_store_cannot_take_is_not_in_the_file_either(store: VersionedStore, decisions: Path) -> None:
    options = ("--token", "secret", "--decisions", str(decisions), "--timeout", "1")
    with serving(store.path, *options) as client, store.open_draft():
        answer = say(client, "reject", ABA)
        assert answer.status_code == 503 and "nother build is writing" in answer.text
        assert in_file(decisions) == {"Q4": BEFORE["Q4"]}
        assert "There is nothing to undo." in say(client, "undo").text


def test_what_the_store_cannot_take_back_stays_in_the_file_too(store: VersionedStore, decisions: Path) -> None:
    options = ("--token", "secret", "--decisions", str(decisions), "--timeout", "1")
    with serving(store.path, *options) as client:
        say(client, "reject", ABA)
        with store.open_draft():
            assert say(client, "undo").status_code == 503
        assert in_file(decisions)["Q1"] == in_store(store)["Q1"] == (LinkStatus.REJECTED, "A. Reader")
        assert shown(say(client, "undo")) == "Aba: is it Abah &lt;hill&gt;?"
    assert (in_store(store), in_file(decisions)) == (BEFORE, {"Q4": BEFORE["Q4"]})


def test_a_candidate_is_decided_on_as_it_is_now(client: Client, store: VersionedStore) -> None:
    """Not as it was when the page was first shown: another run may have found other coordinates."""
    say(client)
    moved = replace_fields(ABA, location=Location("35.3", "36.6", "two", ABA.object))
    with store.open_draft() as draft:
        replace_graph(draft, Iris().graph("links"), build_link_quads([SETTLED, moved, SECOND, SHIRE], Iris()))
    say(client, "accept", ABA)
    (found,) = (one for one in stored(VersionedStore(store.path).snapshot(), Iris()) if one.object == ABA.object)
    assert found.location == moved.location


def test_no_other_page_reads_what_is_answered_here(client: Client) -> None:
    for answer in (client.get("/review"), say(client), client.options("/review")):
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get("/").headers["Access-Control-Allow-Origin"] == "*"


def test_an_undone_candidate_is_listed_again_whatever_was_written_meanwhile(
    client: Client, store: VersionedStore
) -> None:
    say(client, "reject", ABA)
    with store.open_draft() as draft:
        replace_graph(draft, "https://example.org/g", [Quad(S, S, S, NamedNode("https://example.org/g"))])
    assert shown(say(client)) == "Aba: is it Abba?"
    assert shown(say(client, "undo")) == "Aba: is it Abah &lt;hill&gt;?"
    assert in_store(store) == BEFORE


def test_reviewers_at_the_same_time_lose_nothing(client: Client, store: VersionedStore, decisions: Path) -> None:
    with ThreadPoolExecutor(3) as at_once:
        list(at_once.map(lambda about: say(client, "reject", about, reviewer=f"for {about.object}"), LINKS[1:]))
    rejected = {link.object.removeprefix(WIKIDATA): (LinkStatus.REJECTED, f"for {link.object}") for link in LINKS[1:]}
    assert in_file(decisions) == in_store(store) == {"Q4": BEFORE["Q4"], **rejected}


def test_skipping_decides_nothing_and_comes_to_an_end(client: Client, store: VersionedStore) -> None:
    assert shown(say(client, "skip", ABA)) == "Aba: is it Abba?"
    assert shown(say(client, "skip", SECOND)) == "Shire: is it The Shire?"
    assert shown(say(client, "skip", SHIRE)) == "No more candidates behind the last"
    assert in_store(store) == BEFORE


def test_what_was_decided_meanwhile_is_not_decided_again(client: Client, store: VersionedStore) -> None:
    say(client, "accept", ABA, reviewer="B. Reader")
    assert "decided on meanwhile" in say(client, "accept", SECOND).text
    assert in_store(store)["Q1"] == (LinkStatus.ACCEPTED, "B. Reader")


REFUSED = {
    "a wrong token": ({"token": "wrong"}, 403, "This is not the token of this server."),
    "no token": ({"token": ""}, 403, "This is not the token of this server."),
    "nobody": ({"reviewer": "  "}, 400, "Say who decides: the name is kept with each decision."),
    "a long name": ({"reviewer": "a" * 201}, 400, "The reviewer's name has to be of at most 200 letters"),
    "no letter": ({"reviewer": "a\x00b"}, 400, "The reviewer's name has to be of at most 200 letters"),
    "a sign that turns text": ({"reviewer": "a\u202eb"}, 400, "The reviewer's name has to be of at most 200 letters"),
    "no answer": ({"answer": "burn"}, 400, "There is no answer 'burn'; there are accept, reject, skip and undo."),
}


def test_who_may_not_decide_changes_nothing(client: Client, store: VersionedStore, decisions: Path) -> None:
    for what, (form, status, why) in REFUSED.items():
        answer = say(client, about=ABA, **{"answer": "accept", **form})
        assert (answer.status_code, answer.text[: len(why)]) == (status, why), what
    assert (in_store(store), in_file(decisions)) == (BEFORE, {"Q4": BEFORE["Q4"]})


def test_without_a_file_nothing_is_decided_and_the_page_says_how(store: VersionedStore) -> None:
    with serving(store.path, "--token", "secret") as client:
        page = client.get("/review", headers={"Accept": "text/html"})
        assert "hamakg serve --token TOKEN --decisions FILE" in page.text and "<form" not in page.text
        answer = say(client, "accept", ABA)
        assert answer.status_code == 403 and "was not started with --token and --decisions" in answer.text
    assert in_store(store) == BEFORE


def test_a_new_file_begins_with_what_comes_along(store: VersionedStore, tmp_path: Path) -> None:
    new = tmp_path / "new.sssom.tsv"
    with serving(store.path, "--token", "secret", "--decisions", str(new)) as client:
        say(client, "reject", SHIRE)
    assert len(read_decisions(new)) == len(read_decisions(SHIPPED)) + 1
