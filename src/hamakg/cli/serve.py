"""``hamakg serve``: serves a store as a SPARQL endpoint and pages."""

from contextlib import suppress
from pathlib import Path

import click

from hamakg.cli.options import decisions_option, store_option
from hamakg.errors import UsageError
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore

_MEGABYTE = 1024 * 1024


@click.command()
@store_option
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all addresses."
)
@click.option(
    "--port", default=7878, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 for a free one."
)
@click.option(
    "--token",
    envvar="HAMAKG_TOKEN",
    show_envvar=True,
    metavar="TOKEN",
    help="Clients with this token may write: updates, graphs at /store, decisions at /review. No token: read-only.",
)
@decisions_option(
    "The SSSOM file for decisions on links at /review; a new file begins with those that come with hamakg."
)
@click.option(
    "--timeout",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="The time for one query.",
)
@click.option(
    "--max-rows",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(1),
    help="The rows of one answer; a client can ask for the next ones.",
)
@click.option("--max-megabytes", default=256, show_default=True, type=click.IntRange(1), help="The size of one answer.")
@click.option(
    "--memory", default=1024, show_default=True, type=click.IntRange(64), help="The megabytes of memory for one query."
)
@click.option(
    "--memory-total",
    type=click.IntRange(256),
    metavar="MEGABYTES",
    help="The memory of the server and all queries together; beyond it, the query that uses most is stopped. If not"
    " given: half of the memory of the machine, or of the container.",
)
@click.option(
    "--processes",
    default=32,
    show_default=True,
    type=click.IntRange(1),
    help="The number of queries at once, and of processes that run them.",
)
@click.option(
    "--cache", default=32, show_default=True, type=click.IntRange(0), help="The megabytes of answers to keep in memory."
)
@click.option(
    "--allow-service", "services", multiple=True, metavar="IRI", help="An endpoint that queries may call with SERVICE."
)
@click.option("--allow-load", "load", is_flag=True, help="Let updates fetch documents with LOAD.")
def serve(
    store: VersionedStore,
    host: str,
    port: int,
    token: str | None,
    decisions: Path | None,
    timeout: float,
    max_rows: int,
    max_megabytes: int,
    memory: int,
    memory_total: int | None,
    processes: int,
    cache: int,
    services: tuple[str, ...],
    load: bool,
) -> None:
    """Serve the graph over HTTP: SPARQL, the Graph Store Protocol, reconciliation, and pages for readers.

    SPARQL is at /sparql, the Graph Store Protocol at /store, the reconciliation of lists (OpenRefine) at /reconcile,
    and the review of links at /review.

    The server runs until Ctrl-C or SIGTERM; then it finishes the requests it is answering, and ends. It serves what
    is built into the store without a restart. A query that exceeds its limit of time, rows, bytes or memory is stopped
    with an error that names the limit.

    \b
    Examples:
      hamakg serve
      hamakg serve --store /data/battles --host 0.0.0.0 --port 80 --timeout 10
      HAMAKG_TOKEN=secret hamakg serve --allow-service https://query.wikidata.org/sparql
      HAMAKG_TOKEN=secret hamakg serve --decisions links.sssom.tsv
      curl -H 'Accept: text/csv' --data-urlencode query@question.rq http://127.0.0.1:7878/sparql
      curl -X PUT -H 'Authorization: Bearer secret' -H 'Content-Type: text/turtle' \\
        --data-binary @places.ttl 'http://127.0.0.1:7878/store?graph=https://example.org/places'
    """
    from hamakg.engine.pool import Limits
    from hamakg.engine.system import find_half_of_memory
    from hamakg.web.server import serve
    from hamakg.web.service import Settings

    if token is not None and not (token.isascii() and token.isprintable() and token.strip()):
        raise UsageError("the token goes into a header; use only printable ASCII characters")
    if decisions and token is None:
        raise UsageError("decisions at /review need a token; give one with --token")
    if decisions:
        from hamakg.link.decisions import require_writable

        require_writable(decisions, Iris.from_store(store.snapshot()))
    settings = Settings(
        token=token,
        decisions=decisions,
        services=frozenset(services),
        allow_load=load,
        max_rows=max_rows,
        max_bytes=max_megabytes * _MEGABYTE,
        cache_bytes=cache * _MEGABYTE,
        limits=Limits(
            timeout=timeout,
            workers=processes,
            megabytes=memory,
            total_megabytes=memory_total or find_half_of_memory(),
            ready=min(2, processes),
        ),
    )
    with suppress(KeyboardInterrupt):  # the usual way to end it
        serve(store, host, port, settings)
