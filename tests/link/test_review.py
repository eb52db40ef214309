"""A person decides on one proposal after another: each decision is kept at once, and can be undone."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from conftest import Run
from hamakg.build import change_links
from hamakg.errors import HamakgError
from hamakg.link import SHIPPED_DECISIONS, read_decisions, read_links, write_decisions
from hamakg.link.items import WIKIDATA
from hamakg.link.review import AlreadyDecidedError, LinkChange, Proposal, Review, Verdict, select_undecided
from hamakg.model import EntityLink, LinkStatus
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore

GEONAMES = "https://sws.geonames.org/"
DAY = "2026-11-28"


def link(subject: str, target: str, status: LinkStatus = LinkStatus.PROPOSED) -> EntityLink:
    return EntityLink(subject, target, status, "Aba")


ONE, TWO = link("place/aba", WIKIDATA + "Q1"), link("place/aba", WIKIDATA + "Q2")
OTHER, ELSEWHERE = link("place/xan", WIKIDATA + "Q1"), link("place/aba", GEONAMES + "7")
ALL = [ONE, TWO, OTHER, ELSEWHERE]


class Place:
    """A place where links are kept; it can refuse changes."""

    def __init__(self, links: Sequence[EntityLink] = ALL) -> None:
        self.links, self.refuses = [*links], False

    def change(self, change: LinkChange) -> None:
        if self.refuses:
            raise HamakgError("full")
        self.links = change(self.links)

    def left(self) -> list[EntityLink]:
        return [candidate.link for candidate in select_undecided([Proposal(one, None, 1) for one in ALL], self.links)]


def decide(review: Review, about: EntityLink, verdict: Verdict) -> None:
    review.decide(Proposal(about, None, 1), verdict, DAY)


def test_an_accepted_item_settles_its_subject_only_for_its_data_set() -> None:
    place = Place()
    review = Review("A. Reader", [place.change])
    assert place.left() == ALL
    decide(review, ONE, Verdict.REJECT)
    assert place.left() == [TWO, OTHER, ELSEWHERE]
    decide(review, TWO, Verdict.ACCEPT)
    assert place.left() == [OTHER, ELSEWHERE]
    assert {(one.object, one.status, one.reviewer, one.date) for one in place.links if one.subject == "place/aba"} == {
        (ONE.object, LinkStatus.REJECTED, "A. Reader", DAY),
        (TWO.object, LinkStatus.ACCEPTED, "A. Reader", DAY),
        (ELSEWHERE.object, LinkStatus.PROPOSED, None, None),
    }


def test_undo_restores_the_replaced_links_step_by_step() -> None:
    place, file = Place(), Place([])
    review = Review("A. Reader", [place.change, file.change])
    decide(review, OTHER, Verdict.REJECT)
    decide(review, ONE, Verdict.ACCEPT)
    assert review.undo().object == ONE.object and [one.subject for one in file.links] == ["place/xan"]
    assert review.undo().object == OTHER.object and not review.can_undo
    assert ({*place.links}, file.links) == ({*ALL}, [])


def test_decisions_of_others_are_neither_overruled_nor_undone() -> None:
    place = Place()
    a, b = Review("A. Reader", [place.change]), Review("B. Reader", [place.change])
    decide(a, ONE, Verdict.REJECT)
    decide(b, TWO, Verdict.ACCEPT)
    for about in (ONE, TWO):
        with pytest.raises(AlreadyDecidedError, match="Reader has already decided on Aba"):
            decide(a, about, Verdict.ACCEPT)
    a.undo()
    accepted = {(one.object, one.reviewer) for one in place.links if one.status is not LinkStatus.PROPOSED}
    assert accepted == {(TWO.object, "B. Reader")}
    assert place.left() == [OTHER, ELSEWHERE]
    b.undo()
    assert {*place.links} == {*ALL}


def test_undo_restores_the_links_of_the_last_attempt() -> None:
    """A change is made again if somebody else has written to the store in the meantime."""
    place = Place()

    def twice(change: LinkChange) -> None:
        change(ALL[:1])
        place.change(change)

    review = Review("A. Reader", [twice])
    decide(review, ONE, Verdict.ACCEPT)
    review.undo()
    assert sorted(place.links, key=lambda one: (one.subject, one.object)) == sorted(
        ALL, key=lambda one: (one.subject, one.object)
    )


def test_a_decision_that_one_place_cannot_undo_stays_everywhere() -> None:
    file, store = Place(), Place()
    review = Review("A. Reader", [file.change, store.change])
    decide(review, ONE, Verdict.ACCEPT)
    before = {*file.links}, {*store.links}
    store.refuses = True
    with pytest.raises(HamakgError, match="full"):
        review.undo()
    assert (({*file.links}, {*store.links}), review.can_undo) == (before, True)


def test_a_decision_that_one_place_cannot_keep_is_kept_nowhere() -> None:
    file, store = Place(), Place()
    review = Review("A. Reader", [file.change, store.change])
    store.refuses = True
    with pytest.raises(HamakgError, match="full"):
        decide(review, ONE, Verdict.ACCEPT)
    assert ({*file.links}, store.links, review.can_undo) == ({*ALL}, ALL, False)


# ---------------------------------------------------------------- in the terminal


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """Writes a file that proposes items for two places of the seeds."""
    found = [
        EntityLink("place/halfaya", WIKIDATA + "Q9000000001", LinkStatus.PROPOSED, "Halfaya", "Ḩalfāyā"),
        EntityLink("place/suran", WIKIDATA + "Q9000000002", LinkStatus.PROPOSED, "Suran", "Sourane", comment="a guess"),
    ]
    path = tmp_path / "mine.sssom.tsv"
    write_decisions(found, path, Iris())
    return path


def run_review(hamakg: Run, store: VersionedStore, decisions: Path, *answers: str, options: Sequence[str] = ()) -> str:
    """Returns what ``hamakg link --review`` prints when it gets these answers."""
    copy = decisions.with_name(f"store-{len(answers)}")
    store.backup(copy)
    command = ("link", "--store", copy, "--review", "--reviewer", "A. Reader", *options)
    done = hamakg(*command, "--decisions", decisions, stdin="\n".join((*answers, "")).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def statuses(path: Path) -> dict[str, tuple[LinkStatus, str | None]]:
    return {one.label: (one.status, one.reviewer) for one in read_decisions(path)}


def test_decisions_are_kept_with_the_reviewer_and_proposals_shown_with_their_evidence(
    hamakg: Run, seeds_store: VersionedStore, decisions: Path
) -> None:
    said = run_review(hamakg, seeds_store, decisions, "skip", "what?", "r", "a", "q")
    asked = [
        " left. Maardis (place/maardis), in ",
        " left. Halfaya (place/halfaya), in ",
        " left. Suran (place/suran), in ",
    ]
    assert [said.index(one) for one in asked] == sorted(said.index(one) for one in asked)
    assert "is it Sourane, http://www.wikidata.org/entity/Q9000000002? a guess" in said
    assert statuses(decisions) == {
        "Suran": (LinkStatus.ACCEPTED, "A. Reader"),
        "Halfaya": (LinkStatus.REJECTED, "A. Reader"),
    }


def test_undo_reverts_the_last_decision_and_skip_and_quit_decide_nothing(
    hamakg: Run, seeds_store: VersionedStore, decisions: Path
) -> None:
    before = decisions.read_text("utf-8")
    said = run_review(hamakg, seeds_store, decisions, "accept", "undo", "undo", *["skip"] * 9)
    assert "no proposed link is left" in said and "undone: Maardis" in said and "there is nothing to undo" in said
    assert decisions.read_text("utf-8") == before


def test_a_new_file_begins_with_the_shipped_decisions(hamakg: Run, seeds_store: VersionedStore, tmp_path: Path) -> None:
    """Otherwise the first decision of a person would drop all shipped ones."""
    new = tmp_path / "new.sssom.tsv"
    proposed = sum(one.status is LinkStatus.PROPOSED for one in read_decisions(SHIPPED_DECISIONS))
    assert proposed, "the shipped decisions propose something to decide on"
    run_review(hamakg, seeds_store, new, "r", "q")
    assert [one for one in read_decisions(new) if one.reviewer != "A. Reader"] == [
        one for one in read_decisions(SHIPPED_DECISIONS) if one.object != _rejected(new).object
    ]


def _rejected(path: Path) -> EntityLink:
    (found,) = (one for one in read_decisions(path) if one.reviewer == "A. Reader")
    return found


def test_a_review_continues_with_the_proposals_of_the_store_and_writes_to_it(
    hamakg: Run, seeds_store: VersionedStore, tmp_path: Path
) -> None:
    """The links that an earlier run accepted from other sources are kept, those it proposed are asked about."""
    store, decisions = VersionedStore(tmp_path / "copy"), tmp_path / "mine.sssom.tsv"
    seeds_store.backup(store.path)
    before = [*read_links(store.snapshot(), Iris())]
    found = EntityLink("place/idlib", WIKIDATA + "Q9000000001", LinkStatus.PROPOSED, "Idlib", "Idlib")
    change_links(store, lambda links: [*links, found])
    command = ("link", "--store", store.path, "--review", "--reviewer", "A. Reader", "--decisions", decisions)
    assert hamakg(*command).returncode == 0 and not decisions.exists()
    done = hamakg(*command, stdin=b"s\na\nq\n")
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode()
    assert said.index("(place/maardis)") < said.index("(place/idlib)")
    after = {
        one.object: (one.status, one.reviewer) for one in read_links(VersionedStore(store.path).snapshot(), Iris())
    }
    assert after == {one.object: (one.status, one.reviewer) for one in before} | {
        found.object: (LinkStatus.ACCEPTED, "A. Reader")
    }


def test_a_review_without_a_file_is_refused(hamakg: Run, seeds_store: VersionedStore) -> None:
    done = hamakg("link", "--store", seeds_store.path, "--review")
    assert (done.returncode, done.stderr.decode()) == (
        2,
        "hamakg: --review writes your decisions to a file; name it with --decisions\n",
    )


def test_a_review_that_could_not_be_kept_does_not_start(
    hamakg: Run, seeds_store: VersionedStore, tmp_path: Path
) -> None:
    command = ("link", "--store", seeds_store.path, "--review", "--decisions")
    done = hamakg(*command, tmp_path / "nowhere" / "x.tsv")
    wrong = f"hamakg: the decisions {tmp_path / 'nowhere' / 'x.tsv'} cannot be written: No such file or directory\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", wrong)
    done = hamakg(*command, "x.tsv", "--dry-run")
    assert (done.returncode, done.stdout) == (2, b"") and b"--dry-run writes nothing, but --review" in done.stderr
