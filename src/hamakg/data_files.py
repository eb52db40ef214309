"""Finds the folders of the ontology and the queries: in the installed package, or next to it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """The folder ``ontology``, ``queries`` or another of the project; some of them are only in a checkout."""
    packaged = _PACKAGE / "data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name
