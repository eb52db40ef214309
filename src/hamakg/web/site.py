"""The whole service as an ASGI application: the protocols in its event loop, pages in workers and threads."""

import asyncio
import gc
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from hamakg.engine.jobs import WriteAction, WriteJob
from hamakg.engine.pool import BUSY, Pool
from hamakg.engine.request_error import RequestError
from hamakg.errors import HamakgError
from hamakg.log import ROUTE
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.headers import PREFLIGHT
from hamakg.web.metrics import CONTENT_TYPE, Metrics
from hamakg.web.page_answers import PageAnswers, send_error
from hamakg.web.pages.app import create_app
from hamakg.web.pages.errors import prefers_page
from hamakg.web.pages.in_worker import make_context
from hamakg.web.pages.review import GraphWriter, ReviewDesk, build_review
from hamakg.web.protocol.description import describe_data
from hamakg.web.protocol.formats import GRAPHS, HTML, SOLUTIONS, choose_format
from hamakg.web.protocol.graph_store import answer_graph_store
from hamakg.web.protocol.operation import parse_parameters
from hamakg.web.protocol.reconciliation import build_reconciliation
from hamakg.web.protocol.sparql import answer_sparql
from hamakg.web.protocol.streaming import answer_if_unchanged
from hamakg.web.protocol.writing import change_store
from hamakg.web.request import BodyMemory, BrokenAnswerError, Receive, Request, Scope, Send
from hamakg.web.service import Service, Settings, make_etag

MAX_REQUESTS = 4096
"""How many requests may be open at once."""

_OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""The garbage collector runs after so many new objects, which some hundred requests create."""

_N_TRIPLES = "application/n-triples"


_WORKER_MODULES = ("hamakg.web.pages.in_worker",)

_LOG = logging.getLogger(__name__)


class Route(NamedTuple):
    """The function that answers requests to a path, the methods it allows, and whether it answers all paths below."""

    answer: Callable[[Request, Service], Awaitable[None]]
    methods: tuple[str, ...] = ("GET", "HEAD", "OPTIONS")
    has_paths_below: bool = False


async def answer_health(request: Request, service: Service) -> None:
    """Says whether the server can answer queries, from which generation, and what is wrong if something is."""
    report = await service.health.report()
    state = {"status": report.status, "live": True, "ready": report.is_ready}
    body = json.dumps(state | {"generation": report.generation, "fault": report.fault})
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    if report.is_ready:
        await request.answer(200, headers, body.encode())
    else:
        await request.answer(503, [*headers, ("Retry-After", "1")], body.encode())


async def answer_metrics(request: Request, service: Service) -> None:
    """Sends the figures of the server."""
    await request.answer(200, [("Content-Type", CONTENT_TYPE)], service.metrics.write())


async def answer_well_known(request: Request, service: Service) -> None:
    """Sends the description of the data set, ``/.well-known/void`` (https://www.w3.org/TR/void/#discovery)."""
    if request.path.rstrip("/") != "/.well-known/void":
        raise RequestError("not-found", "The only well-known address here is /.well-known/void.")
    media_type = choose_format(None, request.header("accept"), GRAPHS[:1])[1]
    generation, snapshot = service.store.named_snapshot()
    etag = make_etag("void", generation, request.url)
    if await answer_if_unchanged(request, etag):
        return
    endpoint = request.url.rstrip("/").removesuffix("/.well-known/void") + "/sparql"
    async with service.describing:  # requests that come meanwhile find the description in describe_data's cache
        body = await asyncio.to_thread(describe_data, snapshot, endpoint, service.iris)
    await request.answer(200, [("Content-Type", f"{media_type}; charset=utf-8"), ("ETag", etag)], body)


ROUTES = {
    "/sparql": Route(answer_sparql, ("GET", "HEAD", "POST", "OPTIONS")),
    "/store": Route(answer_graph_store, ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"), has_paths_below=True),
    "/health": Route(answer_health),
    "/metrics": Route(answer_metrics),
    "/.well-known": Route(answer_well_known, has_paths_below=True),
}
"""The paths that are not pages."""


class Site:
    """The application for the store at a path; its workers start and stop with the server."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path, self._settings, self._open_requests = path, settings, 0
        self._memory = BodyMemory()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application for one HTTP request, or for the life of the server."""
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer_http(scope, receive, send)

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        """Starts the workers and the pages, waits for the server to stop, and stops them."""
        await receive()
        store = VersionedStore(self._path, fall_back=True)
        iris, settings = Iris.from_store(store.snapshot()), self._settings
        pool = Pool(self._path, settings.limits, _WORKER_MODULES, may_connect=settings.may_connect)
        self._service = Service(store, iris, self._settings, pool, Metrics(pool))
        if self._settings.token is not None:
            self._service.uploads.remove_abandoned()
        await pool.start()
        loop = asyncio.get_running_loop()
        desk = ReviewDesk(settings.is_token, settings.decisions, _make_graph_writer(self._service, loop))
        blueprints = (
            build_review(store, iris, desk),
            build_reconciliation(store, iris, settings.limits.timeout),
        )
        self._pages = PageAnswers(create_app(make_context(iris), blueprints), self._service)
        gc.freeze()  # what exists now will stay; looking through it again and again would take a fifth of the time
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await pool.stop()
        self._service.uploads.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, started = Request(scope, receive, send, self._memory), time.monotonic()
        path, route = _find_route(request)
        ROUTE.set(f"{request.method} {request.path}")
        self._open_requests += 1
        try:
            if error := self._find_problem(request):
                await send_error(error, request)
            elif request.path == "*":
                await request.answer(204, PREFLIGHT.items())
            elif route is None:
                await self._pages.answer(request, scope)
            else:
                await _answer_route(route, request, self._service, partial(self._pages.answer_error, scope=scope))
        except BrokenAnswerError as error:
            _LOG.warning("An answer was broken off: %s", error)
            raise
        except Exception:
            _LOG.exception("The request failed.")
            await send_error(RequestError("internal", "The server has failed; its log says why."), request)
        finally:
            self._open_requests -= 1
            request.close()
            seconds = time.monotonic() - started
            self._service.metrics.count_request(path, request.method, request.status, seconds)

    def _find_problem(self, request: Request) -> RequestError | None:
        """Finds what keeps a request from being answered, wherever it goes."""
        if self._open_requests > MAX_REQUESTS:
            return RequestError("busy", BUSY)
        if request.path == "*" and request.method != "OPTIONS":
            return RequestError("malformed", "Only OPTIONS can be about the whole server.")
        try:
            request.require_host()
        except RequestError as error:
            return error
        return None


def _find_route(request: Request) -> tuple[str, Route | None]:
    """Finds who answers a request; ``("pages", None)`` if the pages do."""
    path = request.top_path
    route = ROUTES.get(path)
    if route is None or (request.path.rstrip("/") != path and not route.has_paths_below):
        return "pages", None
    return ("pages", None) if path == "/sparql" and _asks_sparql_page(request) else (path, route)


ShowErrorPage = Callable[[RequestError, Request], Awaitable[None]]
"""Answers a request with the page of an error."""


async def _answer_route(route: Route, request: Request, service: Service, show_error_page: ShowErrorPage) -> None:
    """Answers a request, with an error if need be; if its answer has begun, an error breaks the connection."""
    allowed = [("Allow", ", ".join(route.methods))]
    if request.method == "OPTIONS":
        await request.answer(204, [*PREFLIGHT.items(), *allowed])
        return
    try:
        if request.method not in route.methods:
            raise RequestError("method-not-allowed", f"{request.method} is not allowed here; {allowed[0][1]} are.")
        await route.answer(request, service)
    except RequestError as error:
        if request.status == 0 and error.kind != "busy" and _wants_page(request):
            await show_error_page(error, request)
            return
        await send_error(error, request, allowed if error.kind == "method-not-allowed" else ())
    except HamakgError as error:
        await send_error(RequestError("no-data", f"{error}."), request)


def _wants_page(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and prefers_page(request.header("accept"))


def _asks_sparql_page(request: Request) -> bool:
    """Whether a request to the endpoint prefers HTML, as those of browsers do."""
    if request.method not in ("GET", "HEAD"):
        return False
    accept = request.header("accept")
    if not request.query_string and "text/html" not in accept:
        return False
    try:
        names_format = b"format=" in request.query_string
        name = dict(parse_parameters(request.query_string)).get("format") if names_format else None
        return choose_format(name, accept, (*SOLUTIONS, HTML))[0] is HTML
    except RequestError:
        return False


def _make_graph_writer(service: Service, loop: asyncio.AbstractEventLoop) -> GraphWriter:
    """Returns a function that replaces named graphs for the threads of the pages; a worker does the writing."""

    def write(graph: str, quads: Iterable[ox.Quad], expected_generation: str) -> None:
        with service.uploads.open_folder() as folder:
            file = str(folder / "graph")
            with service.uploads.reporting_errors():
                ox.serialize((quad.triple for quad in quads), file, format=ox.RdfFormat.N_TRIPLES)
            job = WriteJob(
                WriteAction.REPLACE,
                graph,
                ((file, _N_TRIPLES),),
                wait_seconds=service.settings.write_wait_seconds,
                expected_generation=expected_generation,
            )
            asyncio.run_coroutine_threadsafe(change_store(job, service), loop).result()

    return write
