"""``/sparql``: queries, updates, and the service description."""

import asyncio
from typing import NamedTuple
from urllib.parse import urlencode

from hamakg.engine.jobs import Head, QueryJob, UpdateJob
from hamakg.engine.request_error import RequestError
from hamakg.web.protocol.description import describe_service
from hamakg.web.protocol.formats import GRAPHS, SOLUTIONS, Format, choose_format
from hamakg.web.protocol.operation import QueryOperation, UpdateOperation, read_operation
from hamakg.web.protocol.streaming import answer_by_job, answer_if_unchanged
from hamakg.web.protocol.writing import change_store
from hamakg.web.request import Request
from hamakg.web.service import Service, make_etag

MAX_QUERY_BYTES = 1024 * 1024
MAX_UPDATE_BYTES = 16 * 1024 * 1024
"""The largest update, and the largest that a worker can run in its memory; larger graphs are sent to ``/store``."""

_MAX_LINK_LENGTH = 8000

_VARYING_WORDS = ("now", "rand", "uuid", "service", "bnode")
"""A query that contains one of these words anywhere may have another answer each time, and so gets no ETag."""


class _ChosenType(NamedTuple):
    """The media type for one kind of result, or None and an error if the request accepts none of ours."""

    media_type: str | None
    error: RequestError | None


def may_vary(query: str) -> bool:
    """Whether the result of a query may be another each time, even of the same generation."""
    text = query.lower()
    return any(word in text for word in _VARYING_WORDS)


async def answer_sparql(request: Request, service: Service) -> None:
    """Answers a request; raises RequestError."""
    if not request.query_string and request.method != "POST":
        await _answer_description(request, service)
        return
    is_update = request.method == "POST" and "sparql-update" in request.header("content-type")
    if is_update:
        service.require_token(request.header("authorization"))
    body = await request.read_body(MAX_UPDATE_BYTES if is_update else MAX_QUERY_BYTES)
    operation = read_operation(request.method, request.query_string, request.header("content-type"), body)
    if isinstance(operation, UpdateOperation):
        await _answer_update(operation, request, service)
    else:
        await _answer_query(operation, request, service)


async def _answer_query(operation: QueryOperation, request: Request, service: Service) -> None:
    solutions, graph = (_choose_type(operation, request, offers) for offers in (SOLUTIONS, GRAPHS))
    job = QueryJob(
        generation=service.store.named_snapshot()[0],
        text=operation.text,
        dataset=operation.dataset,
        base=request.url,
        solutions_type=solutions.media_type,
        graph_type=graph.media_type,
        max_rows=service.settings.max_rows,
        max_bytes=service.settings.max_bytes,
        gzip="gzip" in request.header("accept-encoding"),
        services=service.settings.services,
    )
    etag = None if may_vary(operation.text) else make_etag(*job)
    try:
        await answer_by_job(job, request, service, etag, lambda head: _link_next_rows(head, operation, request))
    except RequestError as error:
        if error.kind == "not-acceptable" and (reason := solutions.error or graph.error):
            raise reason from error  # it says which formats there are
        raise


def _choose_type(operation: QueryOperation, request: Request, offers: tuple[Format, ...]) -> _ChosenType:
    """Chooses a format for one kind of results; which kind the query has is only known when it runs."""
    try:
        return _ChosenType(choose_format(operation.format, request.header("accept"), offers)[1], None)
    except RequestError as error:
        return _ChosenType(None, error)


def _link_next_rows(head: Head, operation: QueryOperation, request: Request) -> list[tuple[str, str]]:
    """Makes headers that say that the answer was cut, and link the next rows (https://www.rfc-editor.org/rfc/rfc8288)."""
    if head.next_rows is None:
        return []
    parameters = [("query", head.next_rows)]
    parameters += [("default-graph-uri", iri) for iri in operation.dataset.default]
    parameters += [("named-graph-uri", iri) for iri in operation.dataset.named]
    parameters += [("format", operation.format)] if operation.format else []
    link = f'<{request.url}?{urlencode(parameters)}>; rel="next"'
    return [("Hamakg-Cut", "rows"), *([("Link", link)] if len(link) < _MAX_LINK_LENGTH else [])]


async def _answer_update(operation: UpdateOperation, request: Request, service: Service) -> None:
    service.require_token(request.header("authorization"))
    job = UpdateJob(
        text=operation.text,
        base=request.url,
        default_graph=service.iris.graph("default"),
        using=operation.using,
        using_named=operation.using_named,
        wait_seconds=service.settings.write_wait_seconds,
        services=service.settings.services,
        allow_load=service.settings.allow_load,
    )
    await change_store(job, service)
    await request.answer(204)


async def _answer_description(request: Request, service: Service) -> None:
    form, media_type = choose_format(None, request.header("accept"), GRAPHS)
    generation, snapshot = service.store.named_snapshot()
    etag = make_etag("service", generation, media_type, request.url)
    if await answer_if_unchanged(request, etag):
        return
    body = await asyncio.to_thread(describe_service, snapshot, request.url, service.settings, form)
    await request.answer(200, [("Content-Type", media_type), ("ETag", etag), ("Vary", "Accept")], body)
