"""``/review``: whoever has the server's token decides on proposed links, one after another.

A decision is written both to the file of decisions and to ``graph/links``, or to neither. The token and the reviewer's
name travel in the page's own form. There are no cookies, so no other page can decide in a reviewer's name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from flask import Blueprint, Response, abort, render_template, request
from pyoxigraph import Quad

from hamakg.engine.request_error import RequestError
from hamakg.errors import make_sentence
from hamakg.graph import build_link_quads
from hamakg.link import change_decisions, read_decisions_or_shipped, read_links
from hamakg.link.review import (
    AlreadyDecidedError,
    LinkChange,
    Proposal,
    Review,
    Verdict,
    find_proposals,
    select_undecided,
)
from hamakg.model import LinkStatus, Ref
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.pages.context import REVIEW
from hamakg.web.pages.errors import prefers

UNDO = "undo"
PROPOSALS_SHOWN = 100

_MAX_NAME_LENGTH = 200
_MAX_TRIES = 10

GraphWriter = Callable[[str, Iterable[Quad], str], None]
"""Replaces a named graph (its IRI, its quads) if the given generation is still the newest.

Raises RequestError, of the kind ``changed-meanwhile`` if there is a newer generation.
"""

Ends = tuple[Ref, str]
"""The subject and the object of a link."""


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """Who may decide, the file of decisions (None: nobody may decide), and how to write a named graph."""

    is_token: Callable[[str], bool]
    decisions: Path | None
    write_graph: GraphWriter


class _Problem(NamedTuple):
    """Why a form is refused: the status of the answer, and a message about one of the fields."""

    status: int
    field: str
    message: str


def build_review(store: VersionedStore, iris: Iris, desk: ReviewDesk) -> Blueprint:
    """Builds the pages of the review."""
    pages, blueprint = _ReviewPages(store, iris, desk), Blueprint(REVIEW, __name__, url_prefix="/review")
    blueprint.add_url_rule("", "list", pages.list_proposals)
    blueprint.add_url_rule("", "decide", pages.decide, methods=["POST"])
    return blueprint


class _ReviewPages:
    """The list of proposed links, and the page on which a reviewer decides on one."""

    def __init__(self, store: VersionedStore, iris: Iris, desk: ReviewDesk) -> None:
        self._store, self._iris, self._desk = store, iris, desk
        self._open = _OpenProposals(store, iris, desk.decisions)
        self._reviews: dict[str, Review] = {}
        self._deciding = Lock()

    def list_proposals(self) -> str:
        """Shows the proposed links, and the form with which a reviewer begins."""
        return self._render_list({}, "")

    def decide(self) -> Response:
        """Carries out a reviewer's answer about one proposal, and shows the next one."""
        if self._desk.decisions is None:
            abort(403, "Nothing can be decided here: hamakg serve was started without --token and --decisions.")
        reviewer, answer = " ".join(request.form.get("reviewer", "").split()), request.form.get("answer", "")
        if problem := _find_problem(reviewer, self._desk):
            if prefers("text/html"):
                return Response(self._render_list({problem.field: problem.message}, reviewer), problem.status)
            abort(problem.status, problem.message)
        places = (
            partial(change_decisions, self._desk.decisions, self._iris),
            partial(_change_links, self._store, self._iris, self._desk.write_graph),
        )
        review = self._reviews.setdefault(reviewer, Review(reviewer, places))
        with self._deciding:
            note, previous = _take_answer(answer, review, self._open)
        proposals = self._open.read()
        page = render_template(
            "proposal.html",
            proposal=_find_next(proposals, previous),
            left=len(proposals),
            note=note,
            reviewer=reviewer,
            token=request.form["token"],
            can_undo=review.can_undo,
            answers=[*Verdict],
        )
        return Response(page, headers={"Cache-Control": "no-store"})

    def _render_list(self, problems: Mapping[str, str], reviewer: str) -> str:
        proposals = self._open.read()
        return render_template(
            "review.html",
            proposals=proposals[:PROPOSALS_SHOWN],
            more=len(proposals[PROPOSALS_SHOWN:]),
            is_open=self._desk.decisions is not None,
            problems=problems,
            reviewer=reviewer,
        )


class _OpenProposals:
    """The proposals that wait for a decision; it keeps what it read of a generation, because reading is slow."""

    def __init__(self, store: VersionedStore, iris: Iris, decisions: Path | None) -> None:
        self._store, self._iris, self._decisions = store, iris, decisions
        self._reading = Lock()
        self._generation = ""
        self._proposals: dict[Ends, Proposal] = {}

    def read(self) -> list[Proposal]:
        """Returns the proposals without a decision in the graph or the file, the most useful ones first."""
        generation, snapshot = self._store.named_snapshot()
        proposed = {link.ends: link for link in read_links(snapshot, self._iris) if link.status is LinkStatus.PROPOSED}
        with self._reading:
            if generation != self._generation or not proposed.keys() <= self._proposals.keys():
                found = find_proposals(proposed.values(), snapshot, self._iris)
                self._proposals = {proposal.link.ends: proposal for proposal in found}
                self._generation = generation
            known = [replace(one, link=proposed[ends]) for ends, one in self._proposals.items() if ends in proposed]
        return list(select_undecided(known, read_decisions_or_shipped(self._decisions) if self._decisions else ()))

    def accept_generation(self) -> None:
        """Keeps what was read for the newest generation too: a decision made it, and no article changed."""
        with self._reading:
            self._generation = self._store.named_snapshot()[0]


def _take_answer(answer: str, review: Review, open_proposals: _OpenProposals) -> tuple[str, Ends | None]:
    """Carries out a reviewer's answer; returns a note for them, and the proposal after which to go on.

    Aborts for an unknown answer; raises RequestError or HamakgError if the decision cannot be written.
    """
    if not answer:
        return "", _read_ends("after")
    if answer == UNDO:
        return _undo(review), None
    if answer not in [*Verdict]:
        abort(400, f"There is no answer {answer!r}; the answers are {', '.join(Verdict)} and {UNDO}.")
    found, ends = open_proposals.read(), _read_ends("link")
    index = next((index for index, proposal in enumerate(found) if proposal.link.ends == ends), None)
    if index is None:
        return "Somebody has decided on this link in the meantime, or it is no longer proposed.", None
    if answer == Verdict.SKIP:
        return "", ends
    try:
        decision = review.decide(found[index], Verdict(answer), datetime.now(UTC).date().isoformat())
    except AlreadyDecidedError as error:
        return make_sentence(str(error)), None
    open_proposals.accept_generation()
    note = f"{answer.capitalize()}ed: {decision.label}, {decision.object_label or decision.object}."
    return note, found[index - 1].link.ends if index else None


def _undo(review: Review) -> str:
    if not review.can_undo:
        return "There is nothing to undo."
    decision = review.undo()
    return f"Undone: {decision.label}, {decision.object_label or decision.object}."


def _change_links(store: VersionedStore, iris: Iris, write_graph: GraphWriter, change: LinkChange) -> None:
    """Changes the links in the store; starts again if somebody else wrote a generation in the meantime."""
    for attempt in range(_MAX_TRIES):
        generation, snapshot = store.named_snapshot()
        try:
            links = change(list(read_links(snapshot, iris)))
            write_graph(iris.graph("links"), build_link_quads(links, iris), generation)
            return
        except RequestError as error:
            if error.kind != "changed-meanwhile" or attempt == _MAX_TRIES - 1:
                raise


def _find_problem(reviewer: str, desk: ReviewDesk) -> _Problem | None:
    """Finds what keeps this reviewer from deciding: no token, or no usable name."""
    if not desk.is_token(request.form.get("token", "")):
        return _Problem(403, "token", "This is not the token of this server.")
    if not reviewer:
        return _Problem(400, "reviewer", "Enter your name: it is kept with each decision.")
    if len(reviewer) > _MAX_NAME_LENGTH or not reviewer.isprintable():
        message = f"The reviewer's name must have at most {_MAX_NAME_LENGTH} characters, all of them printable."
        return _Problem(400, "reviewer", message)
    return None


def _read_ends(field: str) -> Ends | None:
    """Reads the link in a field of the form; None if the field is empty."""
    subject, _, target = request.form.get(field, "").partition(" ")
    return (subject, target) if target else None


def _find_next(proposals: Sequence[Proposal], previous: Ends | None) -> Proposal | None:
    """Returns the proposal after the previous one, or the first if there is no previous one."""
    indices = [index for index, proposal in enumerate(proposals) if proposal.link.ends == previous]
    start = indices[0] + 1 if indices else 0
    return proposals[start] if start < len(proposals) else None
