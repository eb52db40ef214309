"""``/review``: the candidates for links, decided on one after another by whoever has the token.

A decision is written to the file of decisions first, then to ``graph/links``. The token and the reviewer's name travel
in the page's own form: there are no cookies, so no other page can decide in a reviewer's name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from pyoxigraph import Quad

from hamakg.engine.jobs import Fault
from hamakg.graph import link_quads
from hamakg.link import decisions_so_far, stored, write_decisions
from hamakg.link.review import Candidate, Verdict, candidates, decide
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.store import Store
from hamakg.terms import Names
from hamakg.web.problems import STATUSES

LISTED = 100
"""Candidates that the list shows."""

UNDO = "undo"

Put = Callable[[str, Iterable[Quad]], None]
"""Makes quads the whole of a named graph; raises Fault."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a review needs: who may decide, where decisions are kept (None: nowhere, so nobody may), how to write."""

    is_token: Callable[[str], bool]
    decisions: Path | None
    put: Put


def blueprint(store: Store, names: Names, desk: Desk) -> Blueprint:
    """The pages of the review."""
    site = Blueprint("review", __name__, url_prefix="/review")
    review = _Review(store, names, desk)

    @site.get("")
    def listed() -> ResponseReturnValue:
        waiting = review.waiting()
        return render_template(
            "review.html", waiting=waiting[:LISTED], more=len(waiting[LISTED:]), open=desk.decisions is not None
        )

    @site.post("")
    def decided() -> ResponseReturnValue:
        reviewer, answer = _reviewer(desk), request.form.get("answer", "")
        try:
            note, after = review.take(answer, _pair("link"), reviewer) if answer else ("", _pair("after"))
        except Fault as fault:
            abort(STATUSES[fault.kind], fault.message)
        waiting = review.waiting()
        page = render_template(
            "candidate.html",
            candidate=_next(waiting, after),
            left=len(waiting),
            note=note,
            reviewer=reviewer,
            token=request.form["token"],
            can_undo=review.can_undo(reviewer),
            answers=[*Verdict],
        )
        return Response(page, headers={"Cache-Control": "no-store"})

    return site


def _reviewer(desk: Desk) -> str:
    """Who decides. Aborts for anybody who may not."""
    if desk.decisions is None:
        abort(403, "Nothing can be decided here: hamakg serve was not started with --token and --decisions.")
    if not desk.is_token(request.form.get("token", "")):
        abort(403, "This is not the token of this server.")
    reviewer = " ".join(request.form.get("reviewer", "").split())
    return reviewer or abort(400, "Say who decides: the name is kept with each decision.")


Pair = tuple[Ref, str]


def _pair(field: str) -> Pair | None:
    """A link by its subject and object, None for none."""
    subject, _, target = request.form.get(field, "").partition(" ")
    return (subject, target) if target else None


def _of(candidate: Candidate) -> Pair:
    return candidate.link.subject, candidate.link.object


def _next(waiting: Sequence[Candidate], after: Pair | None) -> Candidate | None:
    """The candidate behind this one, or the first."""
    passed = [nth for nth, candidate in enumerate(waiting) if _of(candidate) == after]
    later = waiting[passed[0] + 1 :] if passed else waiting
    return later[0] if later else None


class _Review:
    """The candidates of the newest generation, and what can be undone; one decision at a time."""

    def __init__(self, store: Store, names: Names, desk: Desk) -> None:
        self._store, self._names, self._desk = store, names, desk
        self._lock = Lock()
        self._generation = ""
        self._known: list[Candidate] = []
        self._undo: dict[str, list[_Before]] = defaultdict(list)

    def waiting(self) -> list[Candidate]:
        """The candidates that nobody has decided on, those first that would connect the most statements."""
        with self._lock:
            return self._waiting()

    def can_undo(self, reviewer: str) -> bool:
        """Whether there is a decision of theirs since the server was started."""
        return bool(self._undo[reviewer])

    def take(self, answer: str, pair: Pair | None, reviewer: str) -> tuple[str, Pair | None]:
        """Does what a reviewer said; a note for them, and the candidate behind which to go on.

        Aborts for an answer that there is not; raises Fault where the store cannot be written.
        """
        with self._lock:
            if answer == UNDO:
                return self._take_back(reviewer), None
            if answer not in [*Verdict]:
                abort(400, f"There is no answer {answer!r}; there are {', '.join(Verdict)} and {UNDO}.")
            waiting = self._waiting()
            found = [nth for nth, candidate in enumerate(waiting) if _of(candidate) == pair]
            if not found:
                return "This link was decided on meanwhile, or is no candidate any more.", None
            if answer == Verdict.SKIP:
                return "", pair
            before = waiting[found[0] - 1] if found[0] else None
            return self._decide(waiting[found[0]], Verdict(answer), reviewer), _of(before) if before else None

    def _waiting(self) -> list[Candidate]:
        name, snapshot = self._store.named_snapshot()
        links = list(stored(snapshot, self._names))
        if name != self._generation:
            self._known, self._generation = candidates(links, snapshot, self._names), name
        open_ = {(link.subject, link.object) for link in links if link.status is LinkStatus.PROPOSED}
        return [candidate for candidate in self._known if _of(candidate) in open_]

    def _decide(self, candidate: Candidate, verdict: Verdict, reviewer: str) -> str:
        subject, today = candidate.link.subject, datetime.now(UTC).date().isoformat()
        kept, links = self._decisions(), self._links()
        before = _Before(subject, _about(kept, subject), _about(links, subject))
        self._write(*(decide(known, candidate, verdict, reviewer, today) for known in (kept, links)))
        self._undo[reviewer].append(before)
        return f"{verdict.capitalize()}ed: {candidate.link.label}, {candidate.link.object_label}."

    def _take_back(self, reviewer: str) -> str:
        if not self._undo[reviewer]:
            return "There is nothing to undo."
        before = self._undo[reviewer].pop()
        kept, links = self._decisions(), self._links()
        self._write([*_without(kept, before.subject), *before.kept], [*_without(links, before.subject), *before.links])
        return f"Undone: {before.links[0].label if before.links else before.subject}."

    def _write(self, kept: Sequence[EntityLink], links: Sequence[EntityLink]) -> None:
        """The candidates stay those that were read: of the generation that this makes they are the same."""
        assert self._desk.decisions is not None
        write_decisions(kept, self._desk.decisions, self._names)
        self._desk.put(self._names.graph("links"), link_quads(links, self._names))
        self._generation = self._store.named_snapshot()[0]

    def _decisions(self) -> list[EntityLink]:
        assert self._desk.decisions is not None
        return decisions_so_far(self._desk.decisions)

    def _links(self) -> list[EntityLink]:
        return list(stored(self._store.snapshot(), self._names))


@dataclass(frozen=True, slots=True)
class _Before:
    """What was known of a subject before a decision: in the file, and in the store."""

    subject: Ref
    kept: tuple[EntityLink, ...]
    links: tuple[EntityLink, ...]


def _about(links: Iterable[EntityLink], subject: Ref) -> tuple[EntityLink, ...]:
    return tuple(link for link in links if link.subject == subject)


def _without(links: Iterable[EntityLink], subject: Ref) -> list[EntityLink]:
    return [link for link in links if link.subject != subject]
