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
from flask.typing import ResponseReturnValue
from pyoxigraph import Quad

from hamakg.engine.request_error import RequestError
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
from hamakg.web.pages.errors import prefers

REVIEW = "review"
"""The name of the blueprint."""

UNDO = "undo"
CANDIDATES_SHOWN = 100

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
    pages = Blueprint(REVIEW, __name__, url_prefix="/review")
    open_candidates = _OpenCandidates(store, iris, desk.decisions)
    reviews = dict[str, Review]()
    deciding = Lock()

    def render_list(problems: Mapping[str, str], reviewer: str = "") -> str:
        found = open_candidates.read()
        return render_template(
            "review.html",
            candidates=found[:CANDIDATES_SHOWN],
            more=len(found[CANDIDATES_SHOWN:]),
            is_open=desk.decisions is not None,
            problems=problems,
            reviewer=reviewer,
        )

    @pages.get("")
    def list_candidates() -> ResponseReturnValue:
        return render_list({})

    @pages.post("")
    def decide() -> ResponseReturnValue:
        if desk.decisions is None:
            abort(403, "Nothing can be decided here: hamakg serve was started without --token and --decisions.")
        reviewer, answer = " ".join(request.form.get("reviewer", "").split()), request.form.get("answer", "")
        if problem := _find_problem(reviewer, desk):
            if prefers("text/html"):
                return Response(render_list({problem.field: problem.message}, reviewer), problem.status)
            abort(problem.status, problem.message)
        places = (
            partial(change_decisions, desk.decisions, iris),
            partial(_change_links, store, iris, desk.write_graph),
        )
        review = reviews.setdefault(reviewer, Review(reviewer, places))
        with deciding:
            note, previous = _take_answer(answer, review, open_candidates)
        left = open_candidates.read()
        page = render_template(
            "candidate.html",
            candidate=_find_next(left, previous),
            left=len(left),
            note=note,
            reviewer=reviewer,
            token=request.form["token"],
            can_undo=review.can_undo,
            answers=[*Verdict],
        )
        return Response(page, headers={"Cache-Control": "no-store"})

    return pages


class _OpenCandidates:
    """The candidates that wait for a decision; keeps what it read of a generation, because reading is slow."""

    def __init__(self, store: VersionedStore, iris: Iris, decisions: Path | None) -> None:
        self._store, self._iris, self._decisions = store, iris, decisions
        self._reading = Lock()
        self._generation = ""
        self._candidates: dict[Ends, Proposal] = {}

    def read(self) -> list[Proposal]:
        """Returns the candidates without a decision in the graph or the file, the most useful ones first."""
        generation, snapshot = self._store.named_snapshot()
        proposed = {link.ends: link for link in read_links(snapshot, self._iris) if link.status is LinkStatus.PROPOSED}
        with self._reading:
            if generation != self._generation or not proposed.keys() <= self._candidates.keys():
                found = find_proposals(proposed.values(), snapshot, self._iris)
                self._candidates = {candidate.link.ends: candidate for candidate in found}
                self._generation = generation
            known = [replace(one, link=proposed[ends]) for ends, one in self._candidates.items() if ends in proposed]
        return list(select_undecided(known, read_decisions_or_shipped(self._decisions) if self._decisions else ()))

    def accept_generation(self) -> None:
        """Keeps what was read for the newest generation too: a decision made it, and no article changed."""
        with self._reading:
            self._generation = self._store.named_snapshot()[0]


def _take_answer(answer: str, review: Review, open_candidates: _OpenCandidates) -> tuple[str, Ends | None]:
    """Carries out a reviewer's answer; returns a note for them, and the candidate after which to go on.

    Aborts for an unknown answer; raises RequestError or HamakgError if the decision cannot be written.
    """
    if not answer:
        return "", _read_ends("after")
    if answer == UNDO:
        return _undo(review), None
    if answer not in [*Verdict]:
        abort(400, f"There is no answer {answer!r}; the answers are {', '.join(Verdict)} and {UNDO}.")
    found, ends = open_candidates.read(), _read_ends("link")
    index = next((index for index, candidate in enumerate(found) if candidate.link.ends == ends), None)
    if index is None:
        return "Somebody has decided on this link in the meantime, or it is no longer a candidate.", None
    if answer == Verdict.SKIP:
        return "", ends
    try:
        decision = review.decide(found[index], Verdict(answer), datetime.now(UTC).date().isoformat())
    except AlreadyDecidedError as error:
        return f"{str(error)[0].upper()}{str(error)[1:]}.", None
    open_candidates.accept_generation()
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


def _find_next(candidates: Sequence[Proposal], previous: Ends | None) -> Proposal | None:
    """Returns the candidate after the previous one, or the first if there is no previous one."""
    indices = [index for index, candidate in enumerate(candidates) if candidate.link.ends == previous]
    start = indices[0] + 1 if indices else 0
    return candidates[start] if start < len(candidates) else None
