"""``/review``: the candidates for links, decided on one after another by whoever has the token.

A decision is kept in the file of decisions and in ``graph/links``, or in neither. The token and the reviewer's name
travel in the page's own form: there are no cookies, so no other page can decide in a reviewer's name.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from pyoxigraph import Quad

from hamakg.engine.jobs import RequestError
from hamakg.graph import build_link_quads
from hamakg.link import change_decisions, decisions_so_far, stored
from hamakg.link.review import Candidate, Change, DecidedMeanwhile, Review, Verdict, candidates, waiting
from hamakg.model import LinkStatus, Ref
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.protocol.problems import STATUSES

LISTED = 100
"""Candidates that the list shows."""

UNDO = "undo"

NAME = "review"
"""Of the blueprint."""

_LONGEST_NAME = 200
_TRIES = 10

Put = Callable[[str, Iterable[Quad], str], None]
"""Makes quads the whole of a named graph if this generation is still the newest; raises Fault, ``changed`` if not."""

Ends = tuple[Ref, str]
"""A link by its subject and object."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a review needs: who may decide, where decisions are kept (None: nowhere, so nobody may), how to write."""

    is_token: Callable[[str], bool]
    decisions: Path | None
    put: Put


def blueprint(store: VersionedStore, iris: Iris, desk: Desk) -> Blueprint:
    """The pages of the review."""
    site = Blueprint(NAME, __name__, url_prefix="/review")
    offered = _Offered(store, iris, desk.decisions)
    reviews = dict[str, Review]()
    deciding = Lock()

    @site.get("")
    def listed() -> ResponseReturnValue:
        found = offered.waiting()
        return render_template(
            "review.html", waiting=found[:LISTED], more=len(found[LISTED:]), open=desk.decisions is not None
        )

    @site.post("")
    def decided() -> ResponseReturnValue:
        if desk.decisions is None:
            abort(403, "Nothing can be decided here: hamakg serve was not started with --token and --decisions.")
        reviewer, answer = _reviewer(desk), request.form.get("answer", "")
        keeps = (partial(change_decisions, desk.decisions, iris), partial(_change_links, store, iris, desk.put))
        review = reviews.setdefault(reviewer, Review(reviewer, keeps))
        try:
            with deciding:
                note, after = _take(answer, review, offered)
        except RequestError as fault:
            abort(STATUSES[fault.kind], fault.message)
        found = offered.waiting()
        page = render_template(
            "candidate.html",
            candidate=_next(found, after),
            left=len(found),
            note=note,
            reviewer=reviewer,
            token=request.form["token"],
            can_undo=review.can_undo,
            answers=[*Verdict],
        )
        return Response(page, headers={"Cache-Control": "no-store"})

    return site


class _Offered:
    """The candidates on which nobody has decided: neither in the graph nor in the file."""

    def __init__(self, store: VersionedStore, iris: Iris, decisions: Path | None) -> None:
        self._store, self._iris, self._decisions = store, iris, decisions
        self._reading = Lock()
        self._generation = ""
        self._read: dict[Ends, Candidate] = {}

    def waiting(self) -> list[Candidate]:
        """Those first that would connect the most statements."""
        generation, snapshot = self._store.named_snapshot()
        proposed = {link.ends: link for link in stored(snapshot, self._iris) if link.status is LinkStatus.PROPOSED}
        with self._reading:  # the sentences of all candidates take a moment
            if generation != self._generation or not proposed.keys() <= self._read.keys():
                found = candidates(proposed.values(), snapshot, self._iris)
                self._read, self._generation = {candidate.link.ends: candidate for candidate in found}, generation
            known = [replace(one, link=proposed[pair]) for pair, one in self._read.items() if pair in proposed]
        return list(waiting(known, decisions_so_far(self._decisions) if self._decisions else ()))

    def go_on(self) -> None:
        """The newest generation is one that a decision made: of what the articles say nothing changed."""
        with self._reading:
            self._generation = self._store.named_snapshot()[0]


def _take(answer: str, review: Review, offered: _Offered) -> tuple[str, Ends | None]:
    """Does what a reviewer said; a note for them, and the candidate behind which to go on.

    Aborts for an answer that there is not; raises Fault or HamakgError where it cannot be kept.
    """
    if not answer:
        return "", _asked("after")
    if answer == UNDO:
        return _undo(review), None
    if answer not in [*Verdict]:
        abort(400, f"There is no answer {answer!r}; there are {', '.join(Verdict)} and {UNDO}.")
    found, asked = offered.waiting(), _asked("link")
    places = [nth for nth, candidate in enumerate(found) if candidate.link.ends == asked]
    if not places:
        return "This link was decided on meanwhile, or is no candidate any more.", None
    if answer == Verdict.SKIP:
        return "", asked
    try:
        decision = review.decide(found[places[0]], Verdict(answer), datetime.now(UTC).date().isoformat())
    except DecidedMeanwhile as error:
        return f"{str(error)[0].upper()}{str(error)[1:]}.", None
    offered.go_on()
    note = f"{answer.capitalize()}ed: {decision.label}, {decision.object_label or decision.object}."
    return note, found[places[0] - 1].link.ends if places[0] else None


def _undo(review: Review) -> str:
    if not review.can_undo:
        return "There is nothing to undo."
    decision = review.undo()
    return f"Undone: {decision.label}, {decision.object_label or decision.object}."


def _change_links(store: VersionedStore, iris: Iris, put: Put, change: Change) -> None:
    """Changes the links of the store; anew where another wrote meanwhile, so that nothing of theirs is lost."""
    for attempt in range(_TRIES):
        name, snapshot = store.named_snapshot()
        try:
            put(iris.graph("links"), build_link_quads(change(list(stored(snapshot, iris))), iris), name)
            return
        except RequestError as fault:
            if fault.kind != "changed" or attempt == _TRIES - 1:
                raise


def _reviewer(desk: Desk) -> str:
    """Who decides. Aborts for anybody who may not."""
    if not desk.is_token(request.form.get("token", "")):
        abort(403, "This is not the token of this server.")
    reviewer = " ".join(request.form.get("reviewer", "").split())
    if not reviewer:
        abort(400, "Say who decides: the name is kept with each decision.")
    if len(reviewer) > _LONGEST_NAME or not reviewer.isprintable():
        abort(400, f"The reviewer's name has to be of at most {_LONGEST_NAME} letters that can be printed.")
    return reviewer


def _asked(field: str) -> Ends | None:
    """The link that the form names, None for none."""
    subject, _, target = request.form.get(field, "").partition(" ")
    return (subject, target) if target else None


def _next(found: Sequence[Candidate], after: Ends | None) -> Candidate | None:
    """The candidate behind this one, or the first."""
    passed = [nth for nth, candidate in enumerate(found) if candidate.link.ends == after]
    later = found[passed[0] + 1 :] if passed else found
    return later[0] if later else None
