"""Asking a service about many things: so many at once, nothing twice, and not for long where it does not answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hamakg.errors import HamakgError, UnavailableError
from hamakg.link.cache import Cache

_IN_A_ROW = 3  # batches that fail one after another, after which the service is taken to be away

Batch = Sequence[str]


@dataclass(frozen=True, slots=True)
class Log:
    """What is kept of the answers, who is told what went wrong (a line each), and who sees how far it is."""

    cache: Cache
    told: Callable[[str], None]
    passing: Callable[[Sequence[Batch]], Iterable[Batch]] = iter


def answers(
    service: str, questions: Sequence[str], size: int, ask: Callable[[Batch], Mapping[str, Any]], what: str, log: Log
) -> Iterator[tuple[str, Any]]:
    """Each question with its answer: the kept ones first, the rest as ``ask`` gives them for ``size`` at once.

    Questions of a batch that ``ask`` refuses (HamakgError) have none; ``what`` they are is told with the reason.
    """
    known = log.cache.known(service, questions)
    yield from known.items()
    failed = 0
    for batch in log.passing(_batches([question for question in questions if question not in known], size)):
        if failed == _IN_A_ROW:
            log.told(f"{service} is left alone after that; run hamakg link again later, it goes on from here")
            return
        try:
            found = ask(batch)
        except HamakgError as error:
            failed = _IN_A_ROW if isinstance(error, UnavailableError) else failed + 1
            log.told(f"{len(batch)} {what} not looked up: {error}")
            continue
        failed = 0
        log.cache.keep(service, found)
        yield from found.items()


def _batches(questions: Sequence[str], size: int) -> list[Batch]:
    return [questions[start : start + size] for start in range(0, len(questions), size)]
