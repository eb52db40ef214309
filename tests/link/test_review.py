"""A person decides on candidates one after another: what is decided is kept at once, and can be taken back."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from conftest import Run
from hamakg.link import SHIPPED, read_decisions, write_decisions
from hamakg.link.items import WIKIDATA
from hamakg.link.review import Candidate, Verdict, decide, waiting
from hamakg.model import EntityLink, LinkStatus
from hamakg.store import Store
from hamakg.terms import Names

GEONAMES = "https://sws.geonames.org/"


def link(subject: str, target: str, status: LinkStatus = LinkStatus.PROPOSED) -> EntityLink:
    return EntityLink(subject, target, status, "Aba")


ONE, TWO = link("place/aba", WIKIDATA + "Q1"), link("place/aba", WIKIDATA + "Q2")
OTHER, ELSEWHERE = link("place/xan", WIKIDATA + "Q1"), link("place/aba", GEONAMES + "7")
ALL = [Candidate(one, None, 1) for one in (ONE, TWO, OTHER, ELSEWHERE)]


def open_after(*answers: tuple[EntityLink, Verdict]) -> list[EntityLink]:
    """The candidates that are left after these decisions."""
    known: list[EntityLink] = []
    for about, verdict in answers:
        known = decide(known, Candidate(about, None, 1), verdict, "A. Reader", "2026-11-28")
    return [candidate.link for candidate in waiting(ALL, known)]


def test_an_accepted_item_settles_its_subject_for_its_data_set_alone() -> None:
    assert open_after() == [ONE, TWO, OTHER, ELSEWHERE]
    assert open_after((ONE, Verdict.ACCEPT)) == [OTHER, ELSEWHERE]
    assert open_after((ONE, Verdict.REJECT)) == [TWO, OTHER, ELSEWHERE]
    assert open_after((ONE, Verdict.REJECT), (TWO, Verdict.ACCEPT)) == [OTHER, ELSEWHERE]


def test_a_later_decision_takes_the_place_of_an_earlier_one() -> None:
    known = decide([ONE, TWO, OTHER], Candidate(ONE, None, 1), Verdict.ACCEPT, "A. Reader", "2026-11-28")
    assert {(one.subject, one.object): one.status for one in known} == {
        (ONE.subject, ONE.object): LinkStatus.ACCEPTED,
        (OTHER.subject, OTHER.object): LinkStatus.PROPOSED,
    }
    again = decide(known, Candidate(TWO, None, 1), Verdict.ACCEPT, "B. Reader", "2026-11-29")
    assert [(one.object, one.reviewer, one.date) for one in again if one.subject == "place/aba"] == [
        (TWO.object, "B. Reader", "2026-11-29")
    ]


# ---------------------------------------------------------------- in the terminal


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """A file that proposes an item for two places of the seeds and decides on none."""
    found = [
        EntityLink("place/halfaya", WIKIDATA + "Q9000000001", LinkStatus.PROPOSED, "Halfaya", "Ḩalfāyā"),
        EntityLink("place/suran", WIKIDATA + "Q9000000002", LinkStatus.PROPOSED, "Suran", "Sourane", comment="a guess"),
    ]
    path = tmp_path / "mine.sssom.tsv"
    write_decisions(found, path, Names())
    return path


def told(hamakg: Run, store: Store, decisions: Path, *answers: str, options: Sequence[str] = ()) -> str:
    """What ``hamakg link --review`` says to these answers."""
    command = ("link", "--store", store.path, "--dry-run", "--review", "--reviewer", "A. Reader", *options)
    done = hamakg(*command, "--decisions", decisions, stdin="\n".join((*answers, "")).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def statuses(path: Path) -> dict[str, tuple[LinkStatus, str | None]]:
    return {one.label: (one.status, one.reviewer) for one in read_decisions(path)}


def test_decisions_are_kept_with_the_reviewer_and_shown_with_their_evidence(
    hamakg: Run, seeds_store: Store, decisions: Path
) -> None:
    said = told(hamakg, seeds_store, decisions, "what?", "r", "a")
    assert said.index("2 left. Halfaya (place/halfaya), in ") < said.index("1 left. Suran (place/suran), in ")
    assert "is it Sourane, http://www.wikidata.org/entity/Q9000000002? a guess" in said
    assert "no candidate is left" in said
    assert statuses(decisions) == {
        "Suran": (LinkStatus.ACCEPTED, "A. Reader"),
        "Halfaya": (LinkStatus.REJECTED, "A. Reader"),
    }


def test_undo_takes_back_the_last_and_skip_and_quit_decide_nothing(
    hamakg: Run, seeds_store: Store, decisions: Path
) -> None:
    before = decisions.read_text("utf-8")
    told(hamakg, seeds_store, decisions, "accept", "undo", "undo", "skip", "quit")
    assert decisions.read_text("utf-8") == before


def test_a_new_file_begins_with_what_comes_along(hamakg: Run, seeds_store: Store, tmp_path: Path) -> None:
    """Else the first decision of a person would cost all that was decided before."""
    new = tmp_path / "new.sssom.tsv"
    proposed = sum(one.status is LinkStatus.PROPOSED for one in read_decisions(SHIPPED))
    assert proposed, "the shipped decisions propose something to decide on"
    told(hamakg, seeds_store, new, "r", "q")
    assert [one for one in read_decisions(new) if one.reviewer != "A. Reader"] == [
        one for one in read_decisions(SHIPPED) if one.object != _rejected(new).object
    ]


def _rejected(path: Path) -> EntityLink:
    (found,) = (one for one in read_decisions(path) if one.reviewer == "A. Reader")
    return found


def test_a_review_without_a_file_for_it_is_told_so(hamakg: Run, seeds_store: Store) -> None:
    done = hamakg("link", "--store", seeds_store.path, "--review")
    assert (done.returncode, done.stderr.decode()) == (
        2,
        "hamakg: --review keeps what you decide in a file; name it with --decisions\n",
    )
