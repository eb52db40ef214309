"""Decides which of the proposed events and slots are told: small networks give each a probability by its evidence.

The networks were trained on annotated articles that the model of triggers and mentions had not seen (``training``).
An event that is likelier not told than the floor says is left out; a slot, or the days, that are likelier wrong than
right are left empty. The confidence of an event is the probability that nothing misleads that it says in its core
slots: agents, places and how they are meant, days, factuality and standing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hamakg.extract.encoder.pairs import Role
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.evidence import RELATIONS, Candidate, Evidence, logit
from hamakg.extract.narrative.events.places import PlaceArgument, Relation
from hamakg.model import EventType, Interval, Ref

EVENT_FLOOR = 0.4
SLOT_FLOOR = 0.5
DATE_FLOOR = 0.5
_CAPTURED_FLOOR = 0.8

_CORE = frozenset({Role.AGENT, Role.PLACE, Role.NEAR, Role.FROM, Role.TOWARD})
_Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """Some networks of the same shape whose probabilities are averaged: layers of (networks, inputs, outputs)."""

    mean: _Rows
    scale: _Rows
    weights: tuple[_Rows, ...]
    biases: tuple[_Rows, ...]

    def run(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """The probability for each row of features."""
        if not rows:
            return []
        values = np.broadcast_to(
            (np.asarray(rows) - self.mean) / self.scale, (len(self.weights[0]), len(rows), len(self.mean))
        )
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = values @ weight + bias[:, None, :]
            if number < len(self.weights) - 1:
                values = _gelu(values)
        probabilities: list[float] = (1 / (1 + np.exp(-values[:, :, 0]))).mean(axis=0).tolist()
        return probabilities


def _gelu(values: _Rows) -> _Rows:
    """The activation of Hendrycks and Gimpel 2016, by its approximation with tanh."""
    activated: _Rows = 0.5 * values * (1 + np.tanh(np.sqrt(2 / np.pi) * (values + 0.044715 * values**3)))
    return activated


@dataclass(frozen=True, slots=True)
class Judges:
    """The networks for events, slots, days and the confidence of what is kept."""

    events: Network
    slots: Network
    dates: Network
    confidence: Network


def load_judges(path: Path) -> Judges:
    """The judges in a file. Raises OSError for a file that is not there."""
    with np.load(path, allow_pickle=False) as arrays:
        return Judges(**{name: _read_network(arrays, name) for name in ("events", "slots", "dates", "confidence")})


def _read_network(arrays: Mapping[str, NDArray[np.float64]], name: str) -> Network:
    layers = range(sum(key.startswith(f"{name}.weight") for key in arrays))
    return Network(
        arrays[f"{name}.mean"],
        arrays[f"{name}.scale"],
        tuple(arrays[f"{name}.weight{layer}"] for layer in layers),
        tuple(arrays[f"{name}.bias{layer}"] for layer in layers),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judges say of a draft: the probabilities of the event, of its candidates and of its days."""

    event: float
    slots: tuple[tuple[Candidate, float], ...]
    dates: float
    features: tuple[float, ...]

    def choose(self) -> dict[Ref, tuple[str, float]]:
        """The role that each entity has, with its probability."""
        return choose_slots([(candidate.ref, candidate.role, probability) for candidate, probability in self.slots])


def judge_events(drafts: Sequence[Draft], evidence: Sequence[Evidence], judges: Judges) -> list[Judged]:
    """What the judges say of each draft."""
    events = judges.events.run([own.features for own in evidence])
    dates = judges.dates.run([(*draft.dated, *own.features) for draft, own in zip(drafts, evidence, strict=True)])
    candidates = [candidate for own in evidence for candidate in own.candidates]
    slots = iter(zip(candidates, judges.slots.run([candidate.features for candidate in candidates]), strict=True))
    return [
        Judged(event, tuple(next(slots) for _ in own.candidates), date, own.features)
        for event, date, own in zip(events, dates, evidence, strict=True)
    ]


def decide_events(drafts: Sequence[Draft], judged: Sequence[Judged], judges: Judges) -> Iterator[Draft]:
    """The drafts that tell events, with the slots that hold and their confidence."""
    kept = [(_decide(draft, own), own) for draft, own in zip(drafts, judged, strict=True) if own.event >= EVENT_FLOOR]
    confidences = judges.confidence.run([describe_decision(draft, own) for draft, own in kept])
    for (draft, _), confidence in zip(kept, confidences, strict=True):
        yield replace(draft, confidence=confidence)


def _decide(draft: Draft, judged: Judged) -> Draft:
    known = {place.ref: place for place in draft.places}
    chosen = {ref: slot for ref, slot in judged.choose().items() if ref in known or not _is_bold(draft, *slot)}
    order = {ref: number for number, ref in enumerate((*draft.roles.agents, *draft.roles.targets, *known))}
    refs = sorted(chosen, key=lambda ref: (order.get(ref, len(order)), -chosen[ref][1], ref))

    def fill(role: Role) -> tuple[Ref, ...]:
        return tuple(ref for ref in refs if chosen[ref][0] is role)

    places = tuple(
        _relate(known[ref], relation, draft) if ref in known else PlaceArgument(ref, relation, None, draft.token)
        for ref in refs
        for relation, role in RELATIONS.items()
        if chosen[ref][0] is role
    )
    interval = draft.interval if judged.dates >= DATE_FLOOR else Interval()
    distance = draft.distance if any(place.relation is Relation.NEAR for place in places) else None
    decided = replace(draft, places=places, interval=interval, distance=distance)
    return decided.with_roles(fill(Role.AGENT), fill(Role.TARGET))


def _is_bold(draft: Draft, role: str, probability: float) -> bool:
    """Whether a slot says that a place was captured, of which the rules know nothing, and is not very likely right.

    Who holds a place follows from it: "capturing two villages in the north of X" is no capture of X.
    """
    return draft.type is EventType.CAPTURE and role == Role.PLACE and probability < _CAPTURED_FLOOR


def _relate(place: PlaceArgument, relation: Relation, draft: Draft) -> PlaceArgument:
    """A place that the rules have found, in another relation; but what they only find near is not captured itself."""
    is_more = draft.type is EventType.CAPTURE and relation is Relation.AT
    return place if is_more else replace(place, relation=relation)


def describe_decision(draft: Draft, judged: Judged) -> tuple[float, ...]:
    """What speaks for all that an event says now, as numbers; ``draft`` is as it was decided."""
    slots = [(candidate.ref, candidate.role, probability) for candidate, probability in judged.slots]
    has_days = draft.interval != Interval()
    return describe_probabilities(judged.event, judged.dates, has_days=has_days, slots=slots, features=judged.features)[
        0
    ]


def describe_probabilities(
    event: float, dates: float, *, has_days: bool, slots: Sequence[tuple[Ref, str, float]], features: Sequence[float]
) -> tuple[tuple[float, ...], dict[Ref, tuple[str, float]]]:
    """What speaks for an event of these probabilities as it is decided, as numbers, and the slots that are chosen.

    ``features`` is what speaks for the event itself.
    """
    chosen = choose_slots(slots)
    core = [probability for role, probability in chosen.values() if role in _CORE]
    left = [p for ref, role, p in slots if role in _CORE and chosen.get(ref, ("", 0.0))[0] != role]
    roles = {role for role, _ in chosen.values()}
    described = (
        logit(event),
        logit(dates) if has_days else 0.0,
        float(has_days),
        sum(float(np.log(probability)) for probability in core),
        logit(min(core, default=0.99)),
        float(len(core) == 0),
        float(len(core) == 1),
        logit(max(left, default=0.01)),
        float(Role.AGENT not in roles),
        float(Role.PLACE not in roles),
        *features,
    )
    return described, chosen


def choose_slots(slots: Sequence[tuple[Ref, str, float]]) -> dict[Ref, tuple[str, float]]:
    """The role that each entity has, where it is likelier right than wrong, with its probability."""
    chosen: dict[Ref, tuple[str, float]] = {}
    for ref, role, probability in slots:
        if probability >= SLOT_FLOOR and probability > chosen.get(ref, ("", 0.0))[1]:
            chosen[ref] = role, probability
    return chosen
