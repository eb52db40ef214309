"""What follows from all that the articles say together: values that :mod:`hamakg.graph` writes to derived graphs."""

from hamakg.infer.control import derive_control_periods
from hamakg.infer.happenings import find_happenings
from hamakg.infer.owl_rl import ONTOLOGIES, infer_triples
from hamakg.infer.totals import derive_casualty_totals

__all__ = ["ONTOLOGIES", "derive_casualty_totals", "derive_control_periods", "find_happenings", "infer_triples"]
