"""The group of commands, exit statuses, and how an error becomes one line.

Exit status: 0 done; 1 the work failed (validate and diff: they found something); 2 wrong use; 130 stopped by Ctrl-C.
"""

import sys
from collections.abc import Sequence

import click

from hamakg import __version__
from hamakg.cli.backup import backup
from hamakg.cli.build import build
from hamakg.cli.diff import diff
from hamakg.cli.errors import exit_status, print_error
from hamakg.cli.evaluate import evaluate
from hamakg.cli.explain import explain
from hamakg.cli.export import export
from hamakg.cli.fetch import fetch
from hamakg.cli.info import info
from hamakg.cli.link import link
from hamakg.cli.options import GlobalOptions
from hamakg.cli.query import query
from hamakg.cli.remove import remove
from hamakg.cli.restore import restore
from hamakg.cli.serve import serve
from hamakg.cli.validate import validate
from hamakg.errors import HamakgError, UsageError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="hamakg")
@click.option("-v", "--verbose", is_flag=True, help="Print where in the code an error happened.")
@click.pass_obj
def cli(options: GlobalOptions, verbose: bool) -> None:
    """Read articles about battles, make a knowledge graph of them, and answer questions.

    \b
    Start with:
      hamakg build seeds                      # make a graph of two articles, in ./store
      hamakg query                            # list the sample questions
      hamakg query denied-claims              # answer one of them
      hamakg serve                            # serve SPARQL and pages at http://127.0.0.1:7878
    """
    options.verbose = verbose


for _command in (
    build,
    fetch,
    link,
    serve,
    backup,
    restore,
    query,
    export,
    diff,
    explain,
    info,
    remove,
    validate,
    evaluate,
):  # in the order of the reference
    cli.add_command(_command)


def main(args: Sequence[str] | None = None) -> None:
    """Run one command (by default that of the process's arguments) and exit with its status."""
    options = GlobalOptions()
    try:
        sys.exit(cli.main(args, prog_name="hamakg", obj=options, standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "hamakg"
        print_error(UsageError(f"{error.format_message()} ({command} --help)"), verbose=False)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except HamakgError as error:
        print_error(error, options.verbose)
        sys.exit(exit_status(error))
    except Exception as error:  # a bug of ours is one line too, unless the user asks for more
        bug = HamakgError(f"internal error, {error!r}; please report it (hamakg -v shows where)")
        bug.__cause__ = error
        print_error(bug, options.verbose)
        sys.exit(1)
