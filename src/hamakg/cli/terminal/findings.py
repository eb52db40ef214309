"""Prints the findings of validation."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hamakg.cli.terminal.table import print_line, show_table
from hamakg.rdf.iris import Iris

if TYPE_CHECKING:  # only for the type: it loads rdflib and pyshacl
    from hamakg.validate import Finding

_SEVERITIES = ("Violation", "Warning", "Info")


def show_findings(findings: Sequence["Finding"], iris: Iris) -> None:
    """Print the findings, the most severe first."""
    if not findings:
        print_line("the graph satisfies all shapes and checks")
        return
    findings = sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity))
    rows = (
        (f.severity, iris.shorten(f.focus), iris.shorten(f.path or ""), iris.shorten(f.value or ""), f.message)
        for f in findings
    )
    show_table(f"Findings: {len(findings)}", ("Severity", "Resource", "Property", "Value", "What to do"), rows)
