"""``hamakg diff``: shows what differs between two dumps or stores."""

import json
from pathlib import Path

import click

from hamakg.cli.options import TABLE


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format", "fmt", type=click.Choice((TABLE, "json")), default=TABLE, show_default=True, help="The output format."
)
def diff(old: Path, new: Path, fmt: str) -> int:
    """Show how two dumps or stores differ: which facts were added, removed or changed.

    The suffix of a dump gives its format (.nq, .trig, .ttl, .nt, .jsonld, .rdf). Of a store, the graphs that an export
    writes by default are compared. The order of statements does not matter. If one of the two has no graphs (.ttl, .nt,
    .rdf), graphs are ignored in both. Both are held in memory.

    Exit status, as for diff: 0 no difference, 1 some difference, 2 one of the two cannot be read.

    \b
    Examples:
      hamakg diff last-month.nq battles.nq
      hamakg diff last-month.nq store
      hamakg diff old.nq new.nq --format json | jq '.changes[] | select(.change == "removed")'
    """
    from hamakg.cli.terminal.diff import show_diff
    from hamakg.publish.diff import compare_dumps, diff_to_json

    difference = compare_dumps(old, new)
    if fmt == TABLE:
        show_diff(difference)
    else:
        click.echo(json.dumps(diff_to_json(difference), indent=1, ensure_ascii=False))
    return int(bool(difference.changes))
