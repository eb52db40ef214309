"""``/store``: the graphs by the Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).

A graph is named by ``?graph=IRI``, by ``?default``, or by its address below ``/store/``. The default graph is what
clients wrote to it; the union that queries see is more.
"""

import asyncio
import uuid
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

from pyoxigraph import NamedNode
from werkzeug.formparser import parse_form_data

from hamakg.engine.jobs import ERASE, MERGE, REPLACE, GraphJob, WriteJob
from hamakg.engine.request_error import RequestError
from hamakg.web.protocol.formats import GRAPHS, choose
from hamakg.web.protocol.operation import parameters
from hamakg.web.protocol.passing import pass_on
from hamakg.web.request import Request
from hamakg.web.service import Service, tag_of

PATH = "/store"

_MULTIPART = "multipart/form-data"
_ACTIONS = {"PUT": REPLACE, "POST": MERGE, "DELETE": ERASE}


@dataclass(frozen=True, slots=True)
class Target:
    """The graph that a request is about; ``default`` if it is the default graph."""

    iri: str
    default: bool = False


async def graph_store(request: Request, service: Service) -> None:
    """Answers one request. Raises Fault."""
    if request.method in ("GET", "HEAD"):
        await _read(_target(request, service), request, service)
        return
    service.require_token(request.header("authorization"))
    if request.method == "POST" and request.path.rstrip("/") == PATH and not request.query_string:
        fresh = f"{request.url.rstrip('/')}/{uuid.uuid4()}"
        await _write(Target(fresh), request, service)
        return
    await _write(_target(request, service), request, service)


async def _read(target: Target, request: Request, service: Service) -> None:
    asked = dict(parameters(request.query_string)).get("format")
    job = GraphJob(
        generation=service.store.named_snapshot()[0],
        iri=target.iri,
        media_type=choose(asked, request.header("accept"), GRAPHS)[1],
        max_bytes=service.settings.max_bytes,
        gzip="gzip" in request.header("accept-encoding"),
        always=target.default,
    )
    await pass_on(job, request, service, tag_of(*job))


async def _write(target: Target, request: Request, service: Service) -> None:
    action = _ACTIONS[request.method]
    with TemporaryDirectory(prefix="hamakg-") as folder:
        data = () if action == ERASE else await _received(request, Path(folder), service.settings.max_body)
        job = WriteJob(action, target.iri, data, wait=service.settings.limits.timeout / 2, always=target.default)
        async with service.pool.answer(job) as answer:
            new = answer.head.new and action != ERASE and not target.default
    location = [("Location", target.iri)] if new else []
    await request.answer(201 if new else 204, location)


def _target(request: Request, service: Service) -> Target:
    """The graph that the request names. Raises Fault ``malformed`` for none, two, or what is no absolute IRI."""
    below = request.path.removeprefix(PATH).strip("/")
    values = [(name, value) for name, value in parameters(request.query_string) if name in ("graph", "default")]
    if below and not values:
        return _named(request.url)
    if below or len(values) != 1:
        raise RequestError("malformed", "Name one graph: by ?graph=IRI, by ?default, or by an address below /store/.")
    name, value = values[0]
    if name == "default":
        return Target(service.iris.graph("default"), default=True)
    return _named(request.url, value)


def _named(base: str, iri: str = "") -> Target:
    try:
        return Target(NamedNode(urljoin(base, iri)).value)
    except ValueError as error:
        raise RequestError("malformed", f"The graph is not named by an absolute IRI: {error}.") from error


async def _received(request: Request, folder: Path, limit: int) -> tuple[tuple[str, str], ...]:
    """The files that the body was saved in, and their media types."""
    content_type, body = request.header("content-type"), folder / "body"
    with body.open("wb") as file:
        await request.save_body(file, limit)
    if not content_type.startswith(_MULTIPART):
        return ((str(body), _media_type(content_type)),)
    return await asyncio.to_thread(_parts, body, content_type, folder)


def _parts(body: Path, content_type: str, folder: Path) -> tuple[tuple[str, str], ...]:
    """The files of a form, each in one of its own (https://www.rfc-editor.org/rfc/rfc7578)."""
    with body.open("rb") as stream:
        environ = {
            "wsgi.input": stream,
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(body.stat().st_size),
        }
        _, _, files = parse_form_data(environ)
        saved = []
        for number, (_, part) in enumerate(files.items(multi=True)):
            path = folder / f"part-{number}"
            part.save(path)
            saved.append((str(path), _media_type(part.content_type or "")))
    if not saved:
        raise RequestError("malformed", "The form has no file; send each graph as a file with its Content-Type.")
    return tuple(saved)


def _media_type(header: str) -> str:
    """Of the formats, the one of this header. Raises Fault ``unsupported-media-type`` for any other."""
    kind = header.partition(";")[0].strip().lower()
    if not any(kind in row.media_types and kind not in ("application/json", "text/plain") for row in GRAPHS):
        known = ", ".join(row.media_types[0] for row in GRAPHS)
        raise RequestError("unsupported-media-type", f"Send the graph with a Content-Type; one of {known}.")
    return kind
