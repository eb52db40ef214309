"""The figures of an evaluation as values that JSON can hold."""

from collections.abc import Iterable, Sequence
from typing import Any

from hamakg.evaluation.bars import BarScores
from hamakg.evaluation.gold import EvaluatedArticle
from hamakg.evaluation.periods import Period
from hamakg.evaluation.scores import (
    EVENT,
    Comparison,
    Score,
    SlotDifference,
    score_arguments,
    score_events,
    score_facts,
    score_slots,
    score_types,
)
from hamakg.evaluation.verdicts import Verdict, Verdicts, calibrate, count_verdicts


def to_json_values(
    articles: Sequence[EvaluatedArticle],
    comparisons: Sequence[Comparison],
    bars: Iterable[BarScores],
    failures: Iterable[str] = (),
    errors: int = 0,
) -> dict[str, Any]:
    """All figures, the faults, and the first ``errors`` differences."""
    differences = [difference for comparison in comparisons for difference in comparison.differences][:errors]
    slots = score_slots(comparisons)
    return {
        **_summarize(comparisons),
        "slots": {slot: _write_score(score) for slot, score in slots.items() if slot != EVENT},
        "types": {kind: _write_score(score) for kind, score in score_types(comparisons).items()},
        "periods": {
            period.value: {"articles": len(members), **_summarize(members)}
            for period, members in group_by_period(comparisons)
        },
        "articles": {
            comparison.slug: {
                "period": comparison.period.value,
                "events": _write_score(score_events([comparison])),
                "facts": _write_score(score_facts([comparison])),
            }
            for comparison in comparisons
        },
        "bars": [
            {
                "bar": one.bar,
                "events": _write_score(one.events),
                "facts": _write_score(one.facts),
                "verdicts": _write_verdicts(one.verdicts),
            }
            for one in bars
        ],
        "outside": sum(comparison.outside for comparison in comparisons),
        "missing": {article.annotated.article.slug: list(article.missing) for article in articles if article.missing},
        "failures": list(failures),
        "differences": [
            {name: getattr(difference, name) for name in SlotDifference.__slots__} for difference in differences
        ],
    }


def group_by_period(comparisons: Iterable[Comparison]) -> list[tuple[Period, list[Comparison]]]:
    """The comparisons of each period, in the order of :class:`Period`; periods without an article are left out."""
    members = list(comparisons)
    groups = ((period, [one for one in members if one.period is period]) for period in Period)
    return [(period, group) for period, group in groups if group]


def _summarize(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    return {
        "events": _write_score(score_events(comparisons)),
        "arguments": _write_score(score_arguments(comparisons)),
        "facts": _write_score(score_facts(comparisons)),
        "verdicts": _write_verdicts(count_verdicts(comparisons)),
        "confidence": _write_calibration(comparisons),
    }


def _write_score(score: Score) -> dict[str, float]:
    return {
        "precision": round(score.precision, 3),
        "recall": round(score.recall, 3),
        "f1": round(score.f1, 3),
        "hits": score.hits,
        "annotated": score.annotated,
        "found": score.found,
    }


def _write_verdicts(verdicts: Verdicts) -> dict[str, Any]:
    return {
        **{verdict.value: verdicts.counts[verdict] for verdict in Verdict},
        "missed": verdicts.missed,
        "misleading": round(verdicts.misleading, 3),
        "wrong slots": dict(verdicts.wrong_slots),
    }


def _write_calibration(comparisons: Sequence[Comparison]) -> dict[str, Any] | None:
    calibration = calibrate(comparisons)
    if calibration is None:
        return None
    return {
        "events": calibration.events,
        "brier": round(calibration.brier, 3),
        "constant": round(calibration.constant, 3),
        "tenths": [
            {"from": tenth.low, "events": tenth.events, "mean": round(tenth.confidence, 3), "right": tenth.right}
            for tenth in calibration.tenths
        ],
    }
