"""The whole service as an ASGI application: the endpoint and the graph store in its event loop, the pages beside it."""

import asyncio
import gc
import json
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple, cast

import pyoxigraph as ox
from a2wsgi import WSGIMiddleware

from hamakg.engine.jobs import REPLACE, QueryJob, WriteJob
from hamakg.engine.pool import Pool
from hamakg.engine.request_error import RequestError
from hamakg.errors import HamakgError
from hamakg.rdf.iris import Iris
from hamakg.sparql.ask import Dataset
from hamakg.store import VersionedStore
from hamakg.web.headers import PREFLIGHT
from hamakg.web.metrics import CONTENT_TYPE, Metrics
from hamakg.web.pages.app import create_app
from hamakg.web.pages.errors import prefers_page, scope_with_error
from hamakg.web.pages.rendering.results import QueryResult, QueryRunner
from hamakg.web.pages.review import GraphWriter, ReviewDesk
from hamakg.web.protocol import graph_store, sparql
from hamakg.web.protocol.description import dataset_description
from hamakg.web.protocol.formats import GRAPHS, HTML, SOLUTIONS, choose
from hamakg.web.protocol.operation import parameters
from hamakg.web.protocol.passing import BrokenAnswerError, unchanged
from hamakg.web.protocol.problems import problem
from hamakg.web.request import Receive, Request, Scope, Send
from hamakg.web.service import Service, Settings, tag_of

MAX_REQUESTS = 4096
PAGE_THREADS = 8
_NEW_OBJECTS = 50_000  # some hundred requests' worth

_JSON, _TRIPLES = "application/sparql-results+json", "application/n-triples"


class Route(NamedTuple):
    """The function that answers requests to a path, the methods it allows, and whether it answers all paths below."""

    handle: Callable[[Request, Service], Awaitable[None]]
    methods: tuple[str, ...] = ("GET", "HEAD", "OPTIONS")
    has_paths_below: bool = False


ShowErrorPage = Callable[[RequestError], Awaitable[None]]
"""Answers the current request with the page of an error."""


async def health(request: Request, service: Service) -> None:
    """Whether the server lives, and has data to serve; which, and what is wrong with newer ones."""
    generation, _ = service.store.named_snapshot()
    said = {"status": "ok" if service.store.read_error is None else "stale", "live": True, "ready": True}
    body = json.dumps(said | {"generation": generation, "fault": service.store.read_error})
    await request.answer(200, [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body.encode())


async def metrics(request: Request, service: Service) -> None:
    """The figures of the service."""
    await request.answer(200, [("Content-Type", CONTENT_TYPE)], service.metrics.text())


async def well_known(request: Request, service: Service) -> None:
    """``/.well-known/void``: the description of the data set (https://www.w3.org/TR/void/#discovery)."""
    if request.path.rstrip("/") != "/.well-known/void":
        raise RequestError("not-found", "Of well-known addresses there is /.well-known/void alone.")
    media_type = choose(None, request.header("accept"), GRAPHS[:1])[1]
    generation, snapshot = service.store.named_snapshot()
    tag = tag_of("void", generation, request.url)
    if await unchanged(request, tag):
        return
    endpoint = request.url.rstrip("/").removesuffix("/.well-known/void") + "/sparql"
    async with service.describing:  # once is enough
        body = await asyncio.to_thread(dataset_description, snapshot, endpoint, service.iris)
    await request.answer(200, [("Content-Type", f"{media_type}; charset=utf-8"), ("ETag", tag)], body)


ROUTES = {
    "/sparql": Route(sparql.sparql, ("GET", "HEAD", "POST", "OPTIONS")),
    "/store": Route(graph_store.graph_store, ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"), has_paths_below=True),
    "/health": Route(health),
    "/metrics": Route(metrics),
    "/.well-known": Route(well_known, has_paths_below=True),
}


class Site:
    """The application over the store at a path; its processes start and stop with the server."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path, self._settings, self._open = path, settings, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection, as ASGI asks (https://asgi.readthedocs.io/en/latest/specs/main.html)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._take(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        store = VersionedStore(self._path, fall_back=True)
        iris, pool = Iris.from_store(store.snapshot()), Pool(self._path, self._settings.limits)
        self._service = Service(store, iris, self._settings, pool, Metrics(pool))
        await pool.start()
        loop, settings = asyncio.get_running_loop(), self._settings
        desk = ReviewDesk(settings.is_token, settings.decisions, _writing(self._service, loop))
        pages = create_app(store, iris, _pooled(self._service, loop), desk, settings.limits.timeout)
        self._pages = cast(Any, WSGIMiddleware)(pages, workers=PAGE_THREADS)
        gc.freeze()  # what is there now stays; to look through it again and again costs a fifth of the time
        gc.set_threshold(_NEW_OBJECTS)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await pool.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, begun = Request(scope, receive, send), time.monotonic()
        path, route = _find_route(request)

        async def show_page(error: RequestError | None = None) -> None:
            shown = scope_with_error(scope, error) if error else scope
            await self._pages(shown, receive, request.noting(send))

        self._open += 1
        try:
            if self._open > MAX_REQUESTS:
                await _explain(RequestError("busy", "The server has too much to do; try again in a moment."), request)
            elif route is None:
                await show_page()
            else:
                await _answer(route, request, self._service, show_page)
        finally:
            self._open -= 1
            self._service.metrics.answered(path, request.method, request.status, time.monotonic() - begun)


def _find_route(request: Request) -> tuple[str, Route | None]:
    """Finds who answers a request; ``("pages", None)`` if the pages do."""
    path = "/" + request.path.split("/", 2)[1]
    route = ROUTES.get(path)
    if route is None or (request.path.rstrip("/") != path and not route.has_paths_below):
        return "pages", None
    return ("pages", None) if path == "/sparql" and _is_for_people(request) else (path, route)


async def _answer(route: Route, request: Request, service: Service, show_error_page: ShowErrorPage) -> None:
    """Answers a request whatever goes wrong; only an answer that has begun can fail, and then the connection breaks."""
    allowed = [("Allow", ", ".join(route.methods))]
    if request.method == "OPTIONS":
        await request.answer(204, [*PREFLIGHT.items(), *allowed])
        return
    try:
        if request.method not in route.methods:
            raise RequestError("method-not-allowed", f"{request.method} is not allowed here; {allowed[0][1]} are.")
        await route.handle(request, service)
    except RequestError as fault:
        if request.status == 0 and fault.kind != "busy" and _wants_page(request):
            await show_error_page(fault)
            return
        await _explain(fault, request, allowed if fault.kind == "method-not-allowed" else ())
    except HamakgError as error:
        await _explain(RequestError("no-data", f"{error}."), request)
    except BrokenAnswerError:
        raise
    except Exception as error:
        traceback.print_exception(error, file=sys.stderr)
        await _explain(RequestError("internal", "Something is wrong in the server; its log says what."), request)


async def _explain(fault: RequestError, request: Request, headers: Any = ()) -> None:
    if request.status:
        raise BrokenAnswerError(fault.message)
    said = problem(fault, request.header("accept"))
    fixed = [("Content-Type", said.media_type), ("Cache-Control", "no-store"), ("Vary", "Accept")]
    await request.answer(said.status, [*fixed, *said.headers, *headers], said.body)


def _wants_page(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and prefers_page(request.header("accept"))


def _is_for_people(request: Request) -> bool:
    """Whether a browser asks the endpoint: HTML is what it would rather have."""
    if request.method not in ("GET", "HEAD") or (
        not request.query_string and "text/html" not in request.header("accept")
    ):
        return False
    try:
        named = b"format=" in request.query_string
        asked = dict(parameters(request.query_string)).get("format") if named else None
        return choose(asked, request.header("accept"), (*SOLUTIONS, HTML))[0] is HTML
    except RequestError:
        return False


def _pooled(service: Service, loop: asyncio.AbstractEventLoop) -> QueryRunner:
    """Queries from the threads of the pages, under the same limits as all."""

    async def whole(text: str, dataset: Dataset, base: str) -> tuple[str, bytes]:
        settings = service.settings
        job = QueryJob(
            generation=service.store.named_snapshot()[0],
            text=text,
            dataset=dataset,
            base=base,
            solutions=_JSON,
            graph=_TRIPLES,
            max_rows=settings.max_rows,
            max_bytes=settings.max_bytes,
            services=settings.services,
        )
        async with service.pool.answer(job) as answer:
            return answer.head.media_type, await answer.whole()

    def run(text: str, dataset: Dataset, base: str) -> QueryResult:
        media_type, body = asyncio.run_coroutine_threadsafe(whole(text, dataset, base), loop).result()
        if media_type == _JSON:
            return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
        return (quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES))

    return run


def _writing(service: Service, loop: asyncio.AbstractEventLoop) -> GraphWriter:
    """Named graphs from the threads of the pages, written by the engine's processes as all are."""

    async def write(job: WriteJob) -> None:
        async with service.pool.answer(job):
            pass

    def put(graph: str, quads: Iterable[ox.Quad], since: str) -> None:
        with NamedTemporaryFile(prefix="hamakg-") as file:
            ox.serialize((quad.triple for quad in quads), file, format=ox.RdfFormat.N_TRIPLES)
            file.flush()
            wait = service.settings.limits.timeout / 2
            job = WriteJob(REPLACE, graph, ((file.name, _TRIPLES),), wait, since=since)
            asyncio.run_coroutine_threadsafe(write(job), loop).result()

    return put
