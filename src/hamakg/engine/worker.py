"""One process of the engine: takes a job, answers it, takes the next.

It is ended from outside when a job runs too long, and ends itself when nobody is left to answer to, or when the engine
wants more memory than it may have.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from hamakg.engine.channel import received
from hamakg.engine.jobs import (
    END,
    ERASE,
    FAULT,
    HEAD,
    REPLACE,
    GraphJob,
    Head,
    QueryJob,
    UpdateJob,
    WriteJob,
    message,
    packed,
)
from hamakg.engine.request_error import RequestError
from hamakg.engine.sink import PIECE, Sink
from hamakg.engine.writing import form_of, graph_form, write, write_triples
from hamakg.errors import HamakgError
from hamakg.sparql.ask import (
    STACK_BYTES,
    QueryError,
    QueryRefusedError,
    QueryTooLongError,
    Result,
    ask,
    check_update,
    explain_errors,
)
from hamakg.sparql.paging import SplitQuery, split_query
from hamakg.sparql.updates import run_update
from hamakg.store import StoreBusyError, VersionedStore, add_to_graph, replace_graph

_HELD = 32 * 1024 * 1024
# What stands once for each row of an answer, and perhaps more often: in a literal too.
_ROW_MARKS = {
    ox.QueryResultsFormat.JSON: b"},{",
    ox.QueryResultsFormat.XML: b"<result>",
    ox.QueryResultsFormat.CSV: b"\n",
    ox.QueryResultsFormat.TSV: b"\n",
}
_XML = (ox.QueryResultsFormat.XML, ox.RdfFormat.RDF_XML)


class Work(NamedTuple):
    """What a process has at hand for a job."""

    store: VersionedStore
    channel: socket.socket


def query(job: QueryJob, work: Work) -> None:
    """Answers a query with no more rows than the client may have, and the query for the rest."""
    parts = split_query(job.text, job.max_rows)
    run: Callable[[str], Result] = partial(
        ask, _generation(job.generation, work), dataset=job.dataset, base=job.base, services=job.services
    )
    with explain_errors(job.text):
        result = _first_part(run, job.text, parts)
        media_type = job.graph if isinstance(result, ox.QueryTriples) else job.solutions
        if media_type is None:
            raise RequestError("not-acceptable", "The answer cannot be written in a format that the request accepts.")
        form = form_of(result, media_type)

        def head(marks: int | None) -> Head:
            perhaps = parts is not None and (marks is None or marks >= job.max_rows - 1)
            cut = parts if perhaps and parts and _any(run(parts.rest)) else None
            return Head(media_type, rest=cut and cut.rest)

        hold, mark = (_HELD, _ROW_MARKS[form]) if parts and not isinstance(form, ox.RdfFormat) else (PIECE, b"")
        sink = Sink(work.channel, head, job.max_bytes, hold=hold, mark=mark, gzip=job.gzip, xml=form in _XML)
        write(result, form, sink)
        sink.end()


def graph(job: GraphJob, work: Work) -> None:
    """Answers with a named graph; raises Fault where there is none."""
    snapshot, name = _generation(job.generation, work), ox.NamedNode(job.iri)
    if not snapshot.contains_named_graph(name) and not job.always:
        raise RequestError("not-found", f"There is no graph {job.iri}.")
    form = graph_form(job.media_type)
    sink = Sink(work.channel, lambda _: Head(job.media_type), job.max_bytes, gzip=job.gzip, xml=form in _XML)
    write_triples((quad.triple for quad in snapshot.quads_for_pattern(None, None, None, name)), form, sink)
    sink.end()


def change(job: UpdateJob, work: Work) -> None:
    """Runs an update, which makes a generation."""
    check_update(job.text, job.services, job.load)
    with work.store.open_draft(job.wait) as draft, explain_errors(job.text, update=True):
        before = work.store.snapshot() if work.store.generation() else ox.Store()
        with _naming_documents() if job.load else nullcontext():
            run_update(draft, before, job.text, job.own, job.base, using=job.using, using_named=job.using_named)
    work.channel.sendall(packed(HEAD, Head()) + message(END))


def put(job: WriteJob, work: Work) -> None:
    """Makes a generation with another named graph; the head says whether it is a new one."""
    name = ox.NamedNode(job.iri)
    with work.store.open_draft(job.wait) as draft:
        if job.since not in (None, work.store.generation()):
            raise RequestError("changed-meanwhile", "Somebody else wrote to the store meanwhile; do it again.")
        there = draft.contains_named_graph(name)
        empty = next(draft.quads_for_pattern(None, None, None, name), None) is None
        if job.action == ERASE and not there and not job.always:
            raise RequestError("not-found", f"There is no graph {job.iri}.")
        if job.action in (ERASE, REPLACE):
            replace_graph(draft, job.iri, ())
        for path, media_type in job.data:
            add_to_graph(draft, job.iri, _parsed(path, media_type, job.iri))
        if job.action != ERASE and not job.always:
            draft.add_graph(name)  # an empty one is one too: https://www.w3.org/TR/sparql11-http-rdf-update/#http-put
    work.channel.sendall(packed(HEAD, Head(new=not there or (job.action == REPLACE and empty))) + message(END))


_JOBS: dict[type, Callable[..., None]] = {QueryJob: query, GraphJob: graph, UpdateJob: change, WriteJob: put}


def serve(channel: socket.socket, folder: Path) -> None:
    """Serves the socket until the other side is gone, in a thread whose stack is large enough for any query."""
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(Work(VersionedStore(folder), channel),))
    thread.start()
    thread.join()


def _serve(work: Work) -> None:
    channel = work.channel
    for job in received(channel):
        try:
            with _naming_faults():
                _JOBS[type(job)](job, work)
        except RequestError as fault:
            channel.sendall(packed(FAULT, (fault.kind, fault.message)))
        except BrokenPipeError:
            return


@contextmanager
def _naming_faults() -> Iterator[None]:
    """What goes wrong with a job, as the Fault that the service makes an answer of."""
    try:
        yield
    except QueryTooLongError as error:
        raise RequestError("too-long", _sentence(error)) from error
    except QueryRefusedError as error:
        raise RequestError("forbidden", _sentence(error)) from error
    except QueryError as error:
        raise RequestError("malformed", _sentence(error)) from error
    except StoreBusyError as error:
        raise RequestError("busy", _sentence(error)) from error
    except HamakgError as error:
        raise RequestError("storage", _sentence(error)) from error
    except MemoryError as error:
        raise RequestError("too-large", "The job needs more memory than it may have; ask in parts.") from error
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise RequestError("storage", f"The store cannot be read or written: {error}.") from error


def _first_part(run: Callable[[str], Result], text: str, parts: SplitQuery | None) -> Result:
    """The result; what is wrong with a query is told of the query as it was sent."""
    try:
        return run(parts.first if parts else text)
    except QueryError:
        return run(text)


def _any(result: Result) -> bool:
    return isinstance(result, ox.QuerySolutions) and next(result, None) is not None


@contextmanager
def _naming_documents() -> Iterator[None]:
    """An update with LOAD fails where a document cannot be had, and says so as where a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise RequestError(
            "document-unreachable", f"A document cannot be loaded, or the store not be written: {error}."
        ) from error


def _generation(name: str, work: Work) -> ox.Store:
    try:
        return work.store.snapshot_of(name)
    except HamakgError as error:
        raise RequestError("no-data", _sentence(error)) from error


def _parsed(path: str, media_type: str, graph: str) -> Iterator[ox.Quad]:
    """The triples of a file as quads of the graph. Raises Fault for what is malformed, or has graphs of its own."""
    form, name = graph_form(media_type), ox.NamedNode(graph)
    try:
        for quad in ox.parse(
            path=path, format=form, base_iri=graph, without_named_graphs=True, rename_blank_nodes=True
        ):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)
    except (SyntaxError, ValueError) as error:
        raise RequestError("malformed", f"The body is no {media_type}: {str(error).replace(path, 'body')}.") from error


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[0].upper()}{text[1:]}."
