"""Prints which files an export wrote."""

from rich.filesize import decimal

from hamakg.cli.terminal.table import print_line
from hamakg.publish.files import ExportedFile


def show_exported_file(file: ExportedFile) -> None:
    """Print the name, content and size of the file, and the names of the files beside it."""
    unit = file.unit.removesuffix("s") if file.count == 1 else file.unit
    print_line(f"wrote {file.path}: {file.count:,} {unit}, {decimal(file.path.stat().st_size)}")
    for companion in file.companions:
        print_line(f"wrote {companion}")
