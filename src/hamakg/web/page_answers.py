"""Answers requests for pages: by workers what reads the data or takes long, in threads the rest, and RDF by jobs.

Each kind of work has a lane of its own, so that none of them holds up the others.
"""

import asyncio
import pickle
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from hamakg.engine.jobs import FunctionJob, GraphJob, ResourceJob
from hamakg.engine.request_error import RequestError
from hamakg.rdf.terms import parse_iri
from hamakg.web.lanes import Lane
from hamakg.web.pages.app import MAX_BODY_BYTES, ROUTES
from hamakg.web.pages.errors import ERROR_KEY, prefers_page
from hamakg.web.pages.home import FIGURES_KEY
from hamakg.web.pages.in_worker import Page, PageHead, pickle_figures, reduce_scope, show_page
from hamakg.web.protocol.formats import GRAPHS, HTML, choose_format
from hamakg.web.protocol.operation import parse_parameters
from hamakg.web.protocol.problems import write_problem
from hamakg.web.protocol.sparql import may_vary
from hamakg.web.protocol.streaming import answer_by_job, answer_if_unchanged, stream_rest
from hamakg.web.request import BrokenAnswerError, Request, Scope
from hamakg.web.service import Service, make_etag
from hamakg.web.wsgi import call_application

_WAIT_SECONDS = 10
"""How long a request waits for a thread."""

_FIGURES_SECONDS = 1
"""How long the home page waits for its figures."""

_IN_WORKER = {route.name for route in ROUTES if route.in_worker}


class PageAnswers:
    """Answers requests for pages, with the application that shows those that need no worker."""

    def __init__(self, application: Flask, service: Service) -> None:
        self._application, self._service, self._figures = application, service, HomeFigures(service)
        self._addresses = application.url_map.bind("localhost")
        workers, seconds = service.settings.limits.workers, service.settings.limits.timeout
        self._worker_lanes = {
            "sparql": Lane("queries for pages", max(1, workers // 4), 64, seconds),
            "question": Lane("sample questions", max(1, workers // 8), 64, seconds),
        }
        self._other_worker_pages = Lane("pages", max(1, workers // 4), 256, seconds)
        self._thread_lanes = {
            "/reconcile": Lane("matching lists", 4, 64, _WAIT_SECONDS),
            "/review": Lane("reviewing links", 2, 16, _WAIT_SECONDS),
        }
        self._other_pages = Lane("pages", 8, 256, _WAIT_SECONDS)

    async def answer(self, request: Request, scope: Scope) -> None:
        """Answers a request."""
        try:
            endpoint, values = self._find_page(request)
            if endpoint not in _IN_WORKER or request.method not in ("GET", "HEAD"):
                await self._answer_in_thread(endpoint, request, scope)
            elif not await self._answer_with_rdf(endpoint, values, request):
                await self._answer_by_worker(endpoint, request, scope)
        except RequestError as error:
            if request.status == 0 and error.kind != "busy" and prefers_page(request.header("accept")):
                await self.answer_error(error, request, scope)
            else:
                await send_error(error, request)

    async def answer_error(self, error: RequestError, request: Request, scope: Scope) -> None:
        """Answers a request with the page of an error."""
        await self._call(self._other_pages, request, scope, b"", {ERROR_KEY: error})

    def _find_page(self, request: Request) -> tuple[str, Mapping[str, Any]]:
        """Finds the name of a page and the values in its path; an empty name if the application is to answer."""
        try:
            return self._addresses.match(request.path, "GET")
        except (HTTPException, RequestRedirect):
            return "", {}

    async def _answer_in_thread(self, endpoint: str, request: Request, scope: Scope) -> None:
        body = await request.read_body(MAX_BODY_BYTES)
        extra = {FIGURES_KEY: await self._figures.read()} if endpoint == "home" else {}
        await self._call(self._thread_lanes.get(request.top_path, self._other_pages), request, scope, body, extra)

    async def _call(self, lane: Lane, request: Request, scope: Scope, body: bytes, extra: Mapping[str, Any]) -> None:
        answer = await lane.run(partial(call_application, self._application, scope, body, extra))
        await request.start_forwarding(answer.status, answer.headers)
        await request.write(answer.body, more=False)

    async def _answer_with_rdf(self, endpoint: str, values: Mapping[str, Any], request: Request) -> bool:
        """Answers with the RDF of a resource or graph if the request asks for it; returns whether it did."""
        if endpoint not in ("resource", "graph"):
            return False
        parameters = dict(parse_parameters(request.query_string))
        form, media_type = choose_format(parameters.get("format"), request.header("accept"), (HTML, *GRAPHS))
        iris, settings = self._service.iris, self._service.settings
        iri = iris.resource(values["path"]) if endpoint == "resource" else iris.graph(values["path"])
        if form is HTML or parse_iri(iri) is None:
            return False
        job = (ResourceJob if endpoint == "resource" else GraphJob)(
            self._service.store.named_snapshot()[0],
            iri,
            media_type,
            settings.max_bytes,
            gzip="gzip" in request.header("accept-encoding"),
        )
        location = ("Content-Location", f"{quote(request.path)}?format={form.name}")
        await answer_by_job(job, request, self._service, make_etag(*job), lambda head: [location])
        return True

    async def _answer_by_worker(self, endpoint: str, request: Request, scope: Scope) -> None:
        service, settings = self._service, self._service.settings
        page = Page(reduce_scope(scope), service.iris.base, settings.max_rows, settings.services)
        job = FunctionJob(service.store.named_snapshot()[0], show_page, (page,), settings.max_bytes)
        etag = _make_page_etag(job.generation, request)
        if etag and await answer_if_unchanged(request, etag):
            return
        if etag and (cached := service.cache.get(etag)):
            await _forward(cached[0].details, cached[1], request)
            return
        async with AsyncExitStack() as stack:
            async with self._worker_lanes.get(endpoint, self._other_worker_pages).enter():
                # the page is complete when its head arrives; a slow client does not keep others waiting
                answer = await stack.enter_async_context(service.pool.answer(job, request.wait_for_disconnect))
            head = _add_etag(answer.head.details, etag)
            if answer.head.length is None:
                await request.start_forwarding(*head)
                await stream_rest(answer, request)
                return
            body = await answer.read()
        if etag and head.status == HTTPStatus.OK:
            service.cache.add(etag, answer.head._replace(details=head), body)
        await _forward(head, body, request)


class HomeFigures:
    """The figures on the home page, which a worker counts once for each generation."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._generation, self._counting = "", asyncio.Future[dict[str, object]]()

    async def read(self) -> dict[str, object] | None:
        """Returns the figures of the newest generation; None if they are not there in a moment."""
        generation = self._service.store.named_snapshot()[0]
        if generation != self._generation:
            self._generation = generation
            self._counting = asyncio.ensure_future(self._count(generation))
        await asyncio.wait([self._counting], timeout=_FIGURES_SECONDS)
        if not self._counting.done():
            return None
        if error := self._counting.exception():
            if not isinstance(error, RequestError):
                raise error
            if error.kind != "timeout":  # the next request tries again
                self._generation = ""
            return None
        return self._counting.result()

    async def _count(self, generation: str) -> dict[str, object]:
        service = self._service
        job = FunctionJob(generation, pickle_figures, (service.iris.base,), service.settings.max_bytes)
        async with service.pool.answer(job) as answer:
            figures: dict[str, object] = pickle.loads(await answer.read())
            return figures


async def send_error(error: RequestError, request: Request, headers: Iterable[tuple[str, str]] = ()) -> None:
    """Answers a request with an error for programs; if its answer has begun, raises BrokenAnswerError."""
    if request.status:
        raise BrokenAnswerError(error.message)
    problem = write_problem(error, request.header("accept"))
    content = [("Content-Type", problem.media_type), ("Cache-Control", "no-store"), ("Vary", "Accept")]
    await request.answer(problem.status, [*content, *problem.headers, *headers], problem.body)


async def _forward(head: PageHead, body: bytes, request: Request) -> None:
    await request.start_forwarding(*head)
    await request.write(body, more=False)


def _make_page_etag(generation: str, request: Request) -> str | None:
    """Returns the ETag of a page; None if it shows a query whose result may be another each time."""
    query = unquote_to_bytes(request.query_string).decode(errors="replace")
    if may_vary(query):
        return None
    return make_etag("page", generation, request.method, request.url, request.query_string, request.header("accept"))


def _add_etag(head: PageHead, etag: str | None) -> PageHead:
    if etag is None or head.status != HTTPStatus.OK:
        return head
    return head._replace(headers=(*head.headers, ("ETag", etag), ("Cache-Control", "no-cache")))
