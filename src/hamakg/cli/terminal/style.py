"""Colours for standing and factuality, so that a reader sees at once what an article does not state as a fact."""

_STYLES = {
    "Attributed": "yellow",
    "Disputed": "magenta",
    "Planned": "cyan",
    "Attempted": "cyan",
    "Failed": "blue",
}
"""Narrated and Actual, the usual values, keep the terminal's colour."""


def find_style(name: str, value: str) -> str:
    """Return the style of a value in the column (or of the property) of this name, "" for all other values."""
    is_marked = name.lower().endswith(("standing", "factuality"))
    return _STYLES.get(value.removeprefix("hama:"), "") if is_marked else ""
