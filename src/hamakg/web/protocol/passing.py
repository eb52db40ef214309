"""A job's answer, passed on to the client as it comes."""

from collections.abc import Callable, Sequence

from hamakg.engine.jobs import GraphJob, Head, QueryJob
from hamakg.engine.pool import Answer
from hamakg.engine.request_error import RequestError
from hamakg.web.request import Request
from hamakg.web.service import Service

Extra = Callable[[Head], Sequence[tuple[str, str]]]

_VARY = ("Vary", "Accept, Accept-Encoding")


class BrokenAnswerError(Exception):
    """An answer that began and cannot be ended: the connection has to break, for nothing else is left to say so."""


async def pass_on(
    job: QueryJob | GraphJob, request: Request, service: Service, tag: str | None, extra: Extra = lambda head: ()
) -> None:
    """Answers the request by the job, by what is kept of it, or that the client has it already.

    ``tag`` is the answer's validator, None for one that is another each time.

    Raises Fault before the first byte, BrokenAnswerError after it.
    """
    if tag and await unchanged(request, tag):
        return
    kept = service.kept.get(tag) if tag else None
    if kept:
        await request.answer(200, _headers(kept[0], tag, extra), kept[1])
        return
    async with service.pool.answer(job, request.gone) as answer:
        headers = _headers(answer.head, tag, extra)
        if answer.head.length is None:
            await _stream(answer, request, headers)
            return
        body = await answer.whole()
    if tag:
        service.kept.keep(tag, answer.head, body)
    await request.answer(200, headers, body)


async def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has the answer of this validator, which it is then told
    (https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2).
    """
    known = [one.strip().removeprefix("W/") for one in request.header("if-none-match").split(",")]
    if tag not in known and "*" not in known:
        return False
    await request.start(304, [("ETag", tag), _VARY])
    await request.write(b"", more=False)
    return True


async def _stream(answer: Answer, request: Request, headers: Sequence[tuple[str, str]]) -> None:
    await request.start(200, headers)
    try:
        async for piece in answer.pieces():
            await request.write(piece)
    except RequestError as fault:
        raise BrokenAnswerError(fault.message) from fault
    await request.write(b"", more=False)


def _headers(head: Head, tag: str | None, extra: Extra) -> list[tuple[str, str]]:
    charset = "; charset=utf-8" if head.media_type.startswith("text/") else ""
    encoding = [("Content-Encoding", head.encoding)] if head.encoding else []
    fresh = [("ETag", tag), ("Cache-Control", "no-cache")] if tag else [("Cache-Control", "no-store")]
    return [("Content-Type", head.media_type + charset), _VARY, *encoding, *fresh, *extra(head)]
