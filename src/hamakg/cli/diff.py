"""``hamakg diff``: shows what differs between two dumps or stores."""

import json
from pathlib import Path

import click

from hamakg.cli.options import TABLE


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format", "fmt", type=click.Choice((TABLE, "json")), default=TABLE, show_default=True, help="What to print."
)
def diff(old: Path, new: Path, fmt: str) -> int:
    """Show what differs between two dumps, or stores: which facts came, went, or have other values.

    A dump is read by its suffix (.nq, .trig, .ttl, .nt, .jsonld, .rdf); of a store counts what an export writes. The
    order of statements does not matter. Where one of the two has no graphs (.ttl, .nt, .rdf), neither counts by graph.
    Both are held in memory.

    The exit status is as diff has it: 0 nothing differs, 1 something does, 2 one of them cannot be read.

    \b
    Examples:
      hamakg diff last-month.nq battles.nq
      hamakg diff last-month.nq store
      hamakg diff old.nq new.nq --format json | jq '.changes[] | select(.change == "removed")'
    """
    from hamakg.cli.terminal.difference import show_difference
    from hamakg.publish.diff import compare, diff_to_json

    difference = compare(old, new)
    if fmt == TABLE:
        show_difference(difference)
    else:
        click.echo(json.dumps(diff_to_json(difference), indent=1, ensure_ascii=False))
    return int(bool(difference.changes))
