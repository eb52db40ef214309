"""Military units are found by their numbers, and each of several has its own name."""

import pytest
from spacy.language import Language

from hamakg.extract.narrative.names.spans import find_names
from hamakg.extract.narrative.parse.pipeline import plain


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Troops of the 5th Army attacked.", ["5th Army"]),
        ("The Soviet 3rd, 33rd and 69th Armies attacked.", ["3rd Army", "33rd Army", "69th Army"]),
        ("The Third and Fourth Panzer Armies withdrew.", ["Third Panzer Army", "Fourth Panzer Army"]),
        ("The 5th motorised rifle brigade attacked.", ["5th motorised rifle brigade"]),
        ("They were driven back by 30 Corps and XXXX Panzer Corps.", ["30 Corps", "XXXX Panzer Corps"]),
        ("The tanks of the 44e BCC attacked.", ["44e BCC"]),
        ("The V and XII Corps attacked.", ["V Corps", "XII Corps"]),
        ("They met 3 Commando Brigade.", ["3 Commando Brigade"]),
        ("It was the 1st Battalion of the 141st Regiment.", ["1st Battalion of the 141st Regiment"]),
        ("It was the 3rd Battalion, 8th Marines.", ["3rd Battalion, 8th Marines"]),
        ("They came to Noyon-sur-Mer.", ["Noyon-sur-Mer"]),
        ("The second battalion and two divisions attacked on 5 May.", []),
        ("It was the 7th floor of the building.", []),
        ("He was first, and 3 Divisions came.", ["Divisions"]),
        ("On 5 May II Corps attacked.", ["II Corps"]),
    ],
)
def test_units_are_named(nlp: Language, text: str, names: list[str]) -> None:
    assert [span.text for span in find_names(nlp(plain(text)))] == names
