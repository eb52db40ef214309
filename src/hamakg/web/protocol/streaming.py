"""Sends the client the answer to a job: from the cache, or from the worker while it arrives."""

from collections.abc import Callable, Sequence

from hamakg.engine.jobs import GraphJob, Head, QueryJob, ResourceJob
from hamakg.engine.pool import Answer
from hamakg.engine.request_error import RequestError
from hamakg.web.request import BrokenAnswerError, Request
from hamakg.web.service import Service

MakeHeaders = Callable[[Head], Sequence[tuple[str, str]]]

_VARY = ("Vary", "Accept, Accept-Encoding")


async def answer_by_job(
    job: QueryJob | GraphJob | ResourceJob,
    request: Request,
    service: Service,
    etag: str | None,
    make_headers: MakeHeaders = lambda head: (),
) -> None:
    """Answers a request with the result of a job, with a cached one, or that the client's copy is current.

    ``etag`` is None for an answer that differs each time; ``make_headers`` makes further headers. Raises RequestError
    before the first byte, BrokenAnswerError after it.
    """
    if etag and await answer_if_unchanged(request, etag):
        return
    cached = service.cache.get(etag) if etag else None
    if cached:
        head, body = cached
        await request.answer(200, _write_headers(head, etag, make_headers), body)
        return
    async with service.pool.answer(job, request.wait_for_disconnect) as answer:
        headers = _write_headers(answer.head, etag, make_headers)
        if answer.head.length is None:
            await request.start(200, headers)
            await stream_rest(answer, request)
            return
        body = await answer.read()
    if etag:
        service.cache.add(etag, answer.head, body)
    await request.answer(200, headers, body)


async def answer_if_unchanged(request: Request, etag: str) -> bool:
    """Answers 304 if the client already has the answer with this ETag; returns whether it did.

    See https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2.
    """
    known = [one.strip().removeprefix("W/") for one in request.header("if-none-match").split(",")]
    if etag not in known and "*" not in known:
        return False
    await request.start(304, [("ETag", etag), _VARY])
    await request.write(b"", more=False)
    return True


async def stream_rest(answer: Answer, request: Request) -> None:
    """Sends the bytes of an answer whose head was sent. Raises BrokenAnswerError."""
    try:
        async for piece in answer.stream():
            await request.write(piece)
    except RequestError as error:
        raise BrokenAnswerError(error.message) from error
    await request.write(b"", more=False)


def _write_headers(head: Head, etag: str | None, make_headers: MakeHeaders) -> list[tuple[str, str]]:
    charset = "; charset=utf-8" if head.media_type.startswith("text/") else ""
    encoding = [("Content-Encoding", head.encoding)] if head.encoding else []
    caching = [("ETag", etag), ("Cache-Control", "no-cache")] if etag else [("Cache-Control", "no-store")]
    return [("Content-Type", head.media_type + charset), _VARY, *encoding, *caching, *make_headers(head)]
