"""``/store``: named graphs by the Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).

A graph is named by ``?graph=IRI``, by ``?default``, or by its address below ``/store/``. The default graph here is what
clients wrote to it; the default graph that queries see is the union of all graphs.
"""

import asyncio
import string
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin

from pyoxigraph import NamedNode
from werkzeug.formparser import parse_form_data

from hamakg.engine.jobs import GraphJob, WriteAction, WriteJob
from hamakg.engine.request_error import RequestError
from hamakg.web.protocol.formats import GRAPHS, choose_format
from hamakg.web.protocol.operation import parse_parameters
from hamakg.web.protocol.streaming import answer_by_job
from hamakg.web.protocol.writing import change_store
from hamakg.web.request import Request
from hamakg.web.service import Service, make_etag

PATH = "/store"

_MULTIPART = "multipart/form-data"
_ACTIONS = {"PUT": WriteAction.REPLACE, "POST": WriteAction.ADD, "DELETE": WriteAction.DELETE}

_MEDIA_TYPES = {
    media_type
    for row in GRAPHS
    for media_type in row.media_types
    if media_type not in ("application/json", "text/plain")
}
"""What a graph may be sent as; not as these two, which are too general to say what it is."""

_URI_CHARACTERS = string.ascii_letters + string.digits + string.punctuation
_JOINERS = "\u200c\u200d"
"""Invisible characters that words of some scripts contain."""


@dataclass(frozen=True, slots=True)
class Target:
    """The graph that a request is about."""

    iri: str
    is_default: bool = False


async def answer_graph_store(request: Request, service: Service) -> None:
    """Answers a request; raises RequestError."""
    if request.method in ("GET", "HEAD"):
        await _answer_read(_read_target(request, service), request, service)
        return
    service.require_token(request.header("authorization"))
    creates_graph = request.method == "POST" and request.path.rstrip("/") == PATH and not request.query_string
    target = Target(f"{request.url.rstrip('/')}/{uuid.uuid4()}") if creates_graph else _read_target(request, service)
    await _answer_write(target, request, service)


async def _answer_read(target: Target, request: Request, service: Service) -> None:
    format_name = dict(parse_parameters(request.query_string)).get("format")
    job = GraphJob(
        generation=service.store.named_snapshot()[0],
        iri=target.iri,
        media_type=choose_format(format_name, request.header("accept"), GRAPHS)[1],
        max_bytes=service.settings.max_bytes,
        gzip="gzip" in request.header("accept-encoding"),
        may_be_missing=target.is_default,
    )
    await answer_by_job(job, request, service, make_etag(*job))


async def _answer_write(target: Target, request: Request, service: Service) -> None:
    action, settings = _ACTIONS[request.method], service.settings
    with service.uploads.open_folder() as folder:
        with service.uploads.reporting_errors():
            files = () if action is WriteAction.DELETE else await _save_body(request, folder, settings.max_upload)
        job = WriteJob(action, target.iri, files, settings.write_wait_seconds, may_be_missing=target.is_default)
        head = await change_store(job, service)
    created = head.created and action is not WriteAction.DELETE and not target.is_default
    await request.answer(201 if created else 204, [("Location", _make_uri(target.iri))] if created else [])


def _read_target(request: Request, service: Service) -> Target:
    """Reads which graph a request names. Raises RequestError ``malformed`` unless it names one by an absolute IRI."""
    below = request.path.removeprefix(PATH).strip("/")
    _require_visible(below)
    names = [(name, value) for name, value in parse_parameters(request.query_string) if name in ("graph", "default")]
    if bool(below) + len(names) != 1:
        raise RequestError("malformed", "Name one graph: by ?graph=IRI, by ?default, or by an address below /store/.")
    name, value = names[0] if names else ("graph", "")
    if name == "default":
        return Target(service.iris.graph("default"), is_default=True)
    _require_visible(value)
    try:
        return Target(NamedNode(urljoin(request.url, value)).value)
    except ValueError as error:
        raise RequestError("malformed", f"The graph is not named by an absolute IRI: {error}.") from error


def _require_visible(name: str) -> None:
    """Raises RequestError ``malformed`` if a name has a character that :func:`urllib.parse.urljoin` would remove.

    Nor may it have others that nobody sees: ends of lines, and those that change the direction of writing
    (https://www.rfc-editor.org/rfc/rfc3987#section-4.1).
    """
    hidden = next((char for char in name if char == " " or not (char.isprintable() or char in _JOINERS)), None)
    if hidden is not None:
        problem = f"The name of the graph contains the character U+{ord(hidden):04X}; an IRI cannot contain it."
        raise RequestError("malformed", problem)


def _make_uri(iri: str) -> str:
    """Maps an IRI to a URI, which a header can contain (https://www.rfc-editor.org/rfc/rfc3987#section-3.1)."""
    return quote(iri, safe=_URI_CHARACTERS)


async def _save_body(request: Request, folder: Path, limit: int) -> tuple[tuple[str, str], ...]:
    """Saves the body, or each file of a form; returns the paths and media types."""
    content_type, body = request.header("content-type"), folder / "body"
    is_form = content_type.startswith(_MULTIPART)
    media_type = "" if is_form else _require_media_type(content_type)
    with body.open("wb") as file:
        await request.save_body(file, limit)
    return (
        await asyncio.to_thread(_save_form_files, body, content_type, folder) if is_form else ((str(body), media_type),)
    )


def _save_form_files(body: Path, content_type: str, folder: Path) -> tuple[tuple[str, str], ...]:
    """Saves the files of a form (https://www.rfc-editor.org/rfc/rfc7578); returns their paths and media types."""
    with body.open("rb") as stream:
        environ = {
            "wsgi.input": stream,
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(body.stat().st_size),
        }
        _, _, form_files = parse_form_data(environ)
        saved = []
        for number, (_, part) in enumerate(form_files.items(multi=True)):
            path = folder / f"part-{number}"
            part.save(path)
            saved.append((str(path), _require_media_type(part.content_type or "")))
    if not saved:
        raise RequestError("malformed", "The form has no file; send each graph as a file with its Content-Type.")
    return tuple(saved)


def _require_media_type(content_type: str) -> str:
    """Returns the media type of a header. Raises RequestError ``unsupported-media-type`` if a graph cannot have it."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES:
        known = ", ".join(row.media_types[0] for row in GRAPHS)
        raise RequestError("unsupported-media-type", f"Send the graph with a Content-Type; one of {known}.")
    return media_type
