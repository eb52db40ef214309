"""The trained parts of the reader: the model that proposes, and the judges that decide."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hamakg.errors import HamakgError
from hamakg.extract.encoder.files import load_model
from hamakg.extract.encoder.model import Model
from hamakg.extract.narrative.events.judges import Judges, load_judges

_FOLDER = Path(__file__).with_name("trained")


@dataclass(frozen=True, slots=True)
class Trained:
    """The model of triggers, mentions and slots, and the judges that were trained with it."""

    model: Model
    judges: Judges


@cache
def load_trained(folder: Path = _FOLDER) -> Trained:
    """The trained parts in a folder, by default those of the package. Raises HamakgError if a file is missing."""
    try:
        return Trained(load_model(folder), load_judges(folder / "judges.npz"))
    except OSError as error:
        raise HamakgError(
            f"{error.filename}: {error.strerror}; the trained reader is incomplete, install hamakg again"
        ) from error
