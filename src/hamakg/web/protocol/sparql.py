"""``/sparql``: queries, updates, and the description of the service."""

from typing import NamedTuple
from urllib.parse import urlencode

from hamakg.engine.jobs import Head, QueryJob, UpdateJob
from hamakg.engine.request_error import RequestError
from hamakg.web.protocol.description import service_description
from hamakg.web.protocol.formats import GRAPHS, SOLUTIONS, Format, choose
from hamakg.web.protocol.operation import QueryOperation, UpdateOperation, read_operation
from hamakg.web.protocol.passing import pass_on, unchanged
from hamakg.web.request import Request
from hamakg.web.service import Service, tag_of

MAX_QUERY_BYTES = 1024 * 1024

_LONGEST_LINK = 8000
# What may stand in a query whose answer is another each time; whether it does is not asked.
_CHANGING = ("now", "rand", "uuid", "service", "bnode")


class _Written(NamedTuple):
    """The media type for one kind of answers; None where none can be accepted, and why."""

    media_type: str | None
    fault: RequestError | None


async def sparql(request: Request, service: Service) -> None:
    """Answers one request. Raises Fault."""
    if not request.query_string and request.method != "POST":
        await _describe(request, service)
        return
    is_update = "sparql-update" in request.header("content-type")
    body = await request.body(service.settings.max_body if is_update else MAX_QUERY_BYTES)
    operation = read_operation(request.method, request.query_string, request.header("content-type"), body)
    if isinstance(operation, UpdateOperation):
        await _change(operation, request, service)
    else:
        await _query(operation, request, service)


async def _query(operation: QueryOperation, request: Request, service: Service) -> None:
    solutions, graph = (_chosen(operation, request, offers) for offers in (SOLUTIONS, GRAPHS))
    job = QueryJob(
        generation=service.store.named_snapshot()[0],
        text=operation.text,
        dataset=operation.dataset,
        base=request.url,
        solutions=solutions.media_type,
        graph=graph.media_type,
        max_rows=service.settings.max_rows,
        max_bytes=service.settings.max_bytes,
        gzip="gzip" in request.header("accept-encoding"),
        services=service.settings.services,
    )
    text = operation.text.lower()
    tag = None if any(word in text for word in _CHANGING) else tag_of(*job[:2], *job.dataset, *job[3:])
    try:
        await pass_on(job, request, service, tag, lambda head: _rest(head, operation, request))
    except RequestError as fault:
        if fault.kind == "not-acceptable" and (better := solutions.fault or graph.fault):
            raise better from fault
        raise


def _chosen(operation: QueryOperation, request: Request, offers: tuple[Format, ...]) -> _Written:
    try:
        return _Written(choose(operation.format, request.header("accept"), offers)[1], None)
    except RequestError as fault:
        return _Written(None, fault)


def _rest(head: Head, operation: QueryOperation, request: Request) -> list[tuple[str, str]]:
    """That the answer was cut, and where the next rows are (https://www.rfc-editor.org/rfc/rfc8288)."""
    if head.rest is None:
        return []
    dataset = operation.dataset
    graphs = [("default-graph-uri", iri) for iri in dataset.default]
    graphs += [("named-graph-uri", iri) for iri in dataset.named]
    form = [("format", operation.format)] if operation.format else []
    link = f'<{request.url}?{urlencode([("query", head.rest), *graphs, *form])}>; rel="next"'
    return [("Hamakg-Cut", "rows"), *([("Link", link)] if len(link) < _LONGEST_LINK else [])]


async def _change(operation: UpdateOperation, request: Request, service: Service) -> None:
    service.require_token(request.header("authorization"))
    settings = service.settings
    job = UpdateJob(
        text=operation.text,
        base=request.url,
        own=service.iris.graph("default"),
        using=operation.using,
        using_named=operation.using_named,
        wait=settings.limits.timeout / 2,
        services=settings.services,
        load=settings.load,
    )
    async with service.pool.answer(job):
        pass
    await request.answer(204)


async def _describe(request: Request, service: Service) -> None:
    form, media_type = choose(None, request.header("accept"), GRAPHS)
    generation, snapshot = service.store.named_snapshot()
    tag = tag_of("service", generation, media_type, request.url)
    if await unchanged(request, tag):
        return
    body = service_description(snapshot, request.url, service.settings, form)
    await request.answer(200, [("Content-Type", media_type), ("ETag", tag), ("Vary", "Accept")], body)
