"""The parts of README.md that are made of the code: ``make docs`` writes them anew, ``test_docs.py`` compares them.

A part stands between ``<!-- NAME: generated -->`` and ``<!-- NAME: end -->``.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import click

from hamakg.cli import cli
from hamakg.evaluation.gold import find_project_gold, read_recorded_scores
from hamakg.extract.narrative.confidence import DATA
from hamakg.sparql import query_files

PROJECT = Path(__file__).parents[1]
README = PROJECT / "README.md"
FIRST_QUESTIONS = ("denied-claims", "closest-approach")

_PART = re.compile(r"(<!-- (?P<name>[\w-]+): generated -->\n).*?(<!-- (?P=name): end -->)", re.DOTALL)
_WIDTH = 100


def parts(store: Path) -> dict[str, str]:
    """Each generated part by its name; ``store`` holds the graph of the seed articles."""
    return {
        "answers": answers(store),
        "commands": commands(),
        "questions": questions(),
        "slots": slots(),
        "confidence": confidence(),
    }


def answers(store: Path) -> str:
    """The first questions a reader sees, asked as the text says, with what comes back."""
    blocks = []
    for name in FIRST_QUESTIONS:
        command = [str(Path(sys.executable).with_name("hamakg")), "query", name, "--store", str(store)]
        answer = subprocess.run(command, capture_output=True, check=True, env={}).stdout.decode().strip()
        blocks.append(f"```console\n$ hamakg query {name}\n{answer}\n```\n")
    return "\n".join(blocks)


def commands() -> str:
    """The help of every command, as the terminal shows it."""
    group = click.Context(cli, info_name="hamakg", **{**cli.context_settings, "terminal_width": _WIDTH})
    helps = [
        _help(command, click.Context(command, parent=group, info_name=name)) for name, command in cli.commands.items()
    ]
    return "\n".join([_help(cli, group), *helps])


def questions() -> str:
    """A table of the sample questions."""
    rows = ["| name | question | parameters |", "|---|---|---|"]
    for query in query_files.read_examples():
        parameters = ", ".join(f"`{p.name}={p.default}` ({p.description})" for p in query.parameters)
        rows.append(f"| `{query.name}` | **{query.title}.** {query.description} | {parameters} |")
    return "\n".join(rows) + "\n"


def slots() -> str:
    """A table of how well the slots of events were read in the seeds, when it was recorded."""
    figures = read_recorded_scores(find_project_gold()[0])
    rows = ["| slot | annotated | precision | recall | F1 |", "|---|---|---|---|---|"]
    for name, f in (figures["slots"] | {"**facts: all of these**": figures["facts"]["all"]}).items():
        rows.append(f"| {name} | {f['annotated']} | {f['precision']:.2f} | {f['recall']:.2f} | {f['f1']:.2f} |")
    return "\n".join(rows) + "\n"


def confidence() -> str:
    """A table of how many events of each tenth of confidence were right, when it was measured."""
    rows = ["| confidence | events | mean confidence | share right |", "|---|---|---|---|"]
    for tenth in tomllib.loads(DATA.read_text("utf-8"))["measured"]:
        low, events = tenth["from"], tenth["events"]
        share = tenth["right"] / events
        rows.append(f"| {low:.1f} to {low + 0.1:.1f} | {events} | {tenth['confidence']:.2f} | {share:.2f} |")
    return "\n".join(rows) + "\n"


def rewritten(text: str, store: Path) -> str:
    """The text with each generated part as it should be. Raises KeyError for a part that nothing makes."""
    made = parts(store)
    return _PART.sub(lambda part: f"{part[1]}\n{made[part['name']]}\n{part[3]}", text)


def _help(command: click.Command, context: click.Context) -> str:
    return f"```text\n{command.get_help(context)}\n```\n"


def main() -> None:
    """Builds the graph of the seed articles aside and writes README.md anew."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        hamakg = str(Path(sys.executable).with_name("hamakg"))
        subprocess.run([hamakg, "build", str(PROJECT / "seeds"), "--store", str(store)], check=True, stdout=sys.stderr)
        README.write_text(rewritten(README.read_text("utf-8"), store), "utf-8")


if __name__ == "__main__":
    main()
