"""``hamakg explain``: shows why the graph says something."""

from typing import TYPE_CHECKING

import click

from hamakg.cli.options import model_option, store_option
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore

if TYPE_CHECKING:
    from hamakg.explain import Parser


@click.command()
@click.argument("resource", metavar="IRI|ID")
@store_option
@click.option("--parse", is_flag=True, help="Show the parse of each event's sentence.")
@model_option("The spaCy model that the graph was built with.")
def explain(resource: str, store: VersionedStore, parse: bool, model: str | None) -> None:
    """Show what the graph says about a resource, the sentences behind it, and who claims or denies it.

    Name the resource by its IRI, or by its id (the part below resource/), as answers of queries show it. An event's
    hama:extractedBy names the rule that found it. --parse shows its sentence as the rule saw it, one word a line: its
    part of speech, its dependency on another word, and * before the word that tells the event.

    \b
    Examples:
      hamakg explain place/suran
      hamakg explain place/suran --parse
      hamakg explain https://w3id.org/hamakg/resource/place/suran
    """
    from hamakg.cli.terminal.explanation import show_explanations
    from hamakg.explain import explain

    snapshot = store.snapshot()
    parser = _load_parser(model) if parse or model else None
    show_explanations(explain(snapshot, resource, Iris.from_store(snapshot), parser))


def _load_parser(model: str | None) -> "Parser":
    """A function that parses a paragraph as ``hamakg build`` does."""
    from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline
    from hamakg.extract.narrative.parse.pipeline import plain

    nlp = load_pipeline(model or DEFAULT_MODEL)
    return lambda paragraph: nlp(plain(paragraph))
