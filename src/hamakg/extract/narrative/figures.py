"""Numbers and quantities in a sentence: how many, of what, killed or lost, how far."""

import re

NUMERALS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
} | {word: 10 * (tens + 2) for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}


def numeral(text: str) -> float | None:
    """The value of one number as written: "8,000", "1.5", "twenty-four", "six"; None where it is none."""
    text = text.lower().replace(",", "")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    tens, _, units = text.partition("-")
    if tens in NUMERALS and (not units or NUMERALS[tens] >= 20 and 0 < NUMERALS.get(units, 0) < 10):
        return float(NUMERALS[tens] + NUMERALS.get(units, 0))
    return None
