"""What speaks for each proposed event and slot of annotated articles, and whether it is right: what judges learn from.

    python -m training.evidence FOLDER --work WORK --fold 0

Reads the articles of a fold in FOLDER (``NAME.json`` as annotators wrote it, with its document) with the model that
has not seen them, and writes ``WORK/evidence/NAME.json``: how many events are annotated, ``rows`` of proposed ones.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hamakg.evaluation.gold import AnnotatedArticle, read_gold
from hamakg.evaluation.scores import align_entities, leave_out_other_sentences, pair_events
from hamakg.extract.encoder.files import load_model
from hamakg.extract.encoder.model import Model
from hamakg.extract.encoder.pairs import Role
from hamakg.extract.infobox import extract_infobox
from hamakg.extract.narrative import load_pipeline
from hamakg.extract.narrative.article import propose_events, tell_events
from hamakg.model import Event, Interval, Ref
from training.folds import read_folds

_SLOTS = {
    Role.AGENT: "agents",
    Role.TARGET: "targets",
    Role.PLACE: "places",
    Role.NEAR: "near",
    Role.FROM: "origin",
    Role.TOWARD: "toward",
}


def collect(gold: AnnotatedArticle, nlp: Any, model: Model) -> dict[str, Any]:
    """The evidence of an article's proposed events, with what is right by the annotation."""
    article = gold.annotated.article
    proposed = propose_events(article, extract_infobox(article), nlp, model)
    drafts = proposed.memory.telling.drafts
    told = tell_events(proposed, drafts)
    found = leave_out_other_sentences(told, gold.annotated)
    pairs = pair_events(found, gold.annotated)
    partners = {pair.found.id: pair.annotated for pair in pairs if pair.found}
    same = align_entities(pairs, found, gold.annotated)
    rows = [
        {
            "event": evidence.features,
            "dates": draft.dated,
            "is_event": int(partners[event.id] is not None),
            "has_days": int(event.interval != Interval()),
            "right_days": int(_is_right(event.interval, partners[event.id])),
            "misleads": int(_misleads_elsewhere(event, partners[event.id])),
            "slots": [
                [candidate.ref, str(candidate.role), candidate.features[: -len(evidence.features)], int(right)]
                for candidate, right in zip(
                    evidence.candidates, _check(evidence.candidates, partners[event.id], same), strict=True
                )
            ],
        }
        for event, draft, evidence in zip(told.events, drafts, proposed.collect_evidence(), strict=True)
        if event.id in partners
    ]
    return {"annotated": len(gold.annotated.events), "rows": rows}


def _check(candidates: Any, annotated: Event | None, same: Mapping[Ref, Ref]) -> Iterator[bool]:
    wanted = {(ref, role) for role, slot in _SLOTS.items() for ref in (getattr(annotated, slot) if annotated else ())}
    for candidate in candidates:
        yield (same.get(candidate.ref, ""), candidate.role) in wanted


def _is_right(interval: Interval, annotated: Event | None) -> bool:
    """Whether neither bound says what is not annotated."""
    bounds = [(interval.start, annotated.interval.start), (interval.end, annotated.interval.end)] if annotated else []
    return bool(bounds) and all(own is None or own == wanted for own, wanted in bounds)


def _misleads_elsewhere(event: Event, annotated: Event | None) -> bool:
    """Whether factuality or standing say what is not annotated; their defaults say nothing."""
    default = Event(event.id, event.type, event.passage, event.trigger, event.trigger_begin)
    return annotated is None or any(
        getattr(event, name) not in (getattr(default, name), getattr(annotated, name))
        for name in ("factuality", "standing")
    )


def main() -> None:
    """Read the command line and write the evidence of one fold."""
    parser = argparse.ArgumentParser(prog="python -m training.evidence", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build", "training"))
    parser.add_argument("--fold", type=int, required=True)
    options = parser.parse_args()
    target = options.work / "evidence"
    target.mkdir(parents=True, exist_ok=True)
    own = {name for name, fold in read_folds().items() if fold == options.fold}
    nlp, model = load_pipeline(), load_model(options.work / str(options.fold))
    for gold in read_gold(options.folder, on_failure=print):
        name = gold.document.stem
        if name in own:
            (target / f"{name}.json").write_text(json.dumps(collect(gold, nlp, model), default=float), "utf-8")
            print(name, flush=True)


if __name__ == "__main__":
    main()
