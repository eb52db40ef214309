"""``hamakg validate``: validates a graph."""

from pathlib import Path

import click

from hamakg.cli.options import report_option, store_option
from hamakg.publish.files import open_output
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore


@click.command()
@store_option
@report_option("Write a SHACL validation report to this file, in Turtle.")
def validate(store: VersionedStore, report_path: Path | None) -> int:
    """Validate the graph against its SHACL shapes and further checks, and list the findings.

    A violation means that the graph is invalid; the exit status is then 1. A warning is for a person to look at: the
    article itself may be wrong. An info says where sources disagree.

    \b
    Examples:
      hamakg validate --store /data/battles
      hamakg validate --report findings.ttl
    """
    from hamakg.cli.terminal.findings import show_findings
    from hamakg.validate import build_report, validate

    snapshot = store.snapshot()
    findings = validate(snapshot)
    if report_path is not None:
        with open_output(report_path) as out:
            out.write(build_report(findings).serialize(format="turtle", encoding="utf-8"))
    show_findings(findings, Iris.from_store(snapshot))
    return int(any(finding.is_violation for finding in findings))
