"""What follows from all that the articles say together: values that :mod:`hamakg.graph` writes to derived graphs."""

from hamakg.infer.control import control_periods
from hamakg.infer.happenings import happenings
from hamakg.infer.rules import ONTOLOGIES, inferred
from hamakg.infer.totals import casualty_totals

__all__ = ["ONTOLOGIES", "casualty_totals", "control_periods", "happenings", "inferred"]
