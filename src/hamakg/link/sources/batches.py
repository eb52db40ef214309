"""Ask a service many questions: in batches, nothing twice, and no more once the service seems to be down."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hamakg.errors import HamakgError, UnavailableError
from hamakg.link.sources.answer_cache import AnswerCache

_MAX_FAILURES = 3  # batches that fail one after another, after which the service is taken to be down

Batch = Sequence[str]
"""The questions of one request."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """How services are asked: ``cache`` keeps their answers, ``report`` takes a line about each problem.

    ``track`` yields the batches it is given, one when the one before is done; it may show the progress.
    """

    cache: AnswerCache
    report: Callable[[str], None]
    track: Callable[[Sequence[Batch]], Iterable[Batch]] = iter


def look_up(
    service: str,
    questions: Sequence[str],
    size: int,
    ask: Callable[[Batch], Mapping[str, Any]],
    noun: str,
    lookup: Lookup,
) -> Iterator[tuple[str, Any]]:
    """Yield each question with its answer: cached answers first, then those that ``ask`` returns for ``size`` at once.

    A question has no answer if ``ask`` raises HamakgError for its batch; the reason is reported, where ``noun`` says
    what the questions are ("pages").
    """
    cached = lookup.cache.read(service, questions)
    yield from cached.items()
    open_ = [question for question in questions if question not in cached]
    failures = 0
    for batch in lookup.track([open_[start : start + size] for start in range(0, len(open_), size)]):
        if failures == _MAX_FAILURES:
            lookup.report(f"{service} was not asked any further; run hamakg link again later to continue")
            return
        try:
            answers = ask(batch)
        except HamakgError as error:
            failures = _MAX_FAILURES if isinstance(error, UnavailableError) else failures + 1
            lookup.report(f"{len(batch)} {noun} could not be looked up: {error}")
            continue
        failures = 0
        lookup.cache.write(service, answers)
        yield from answers.items()
