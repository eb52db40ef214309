"""Words for months, and for parts of months and years ("early", "mid", "spring"), with what they mean."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""The number of a month by its name and its short forms, in lower case."""

PARTS = {
    "early to mid": ((1, 20), (1, 8)),
    "early or mid": ((1, 20), (1, 8)),
    "mid to late": ((11, 31), (5, 12)),
    "mid or late": ((11, 31), (5, 12)),
    "first half": ((1, 15), (1, 6)),
    "second half": ((16, 31), (7, 12)),
    "first week": ((1, 7), (1, 1)),
    "second week": ((8, 14), (1, 1)),
    "third week": ((15, 21), (1, 1)),
    "last week": ((25, 31), (12, 12)),
    "early": ((1, 10), (1, 4)),
    "start": ((1, 10), (1, 4)),
    "beginning": ((1, 10), (1, 4)),
    "mid": ((11, 20), (5, 8)),
    "middle": ((11, 20), (5, 8)),
    "late": ((21, 31), (9, 12)),
    "end": ((21, 31), (9, 12)),
}
"""For each word the first and last day in a month, and the first and last month in a year."""

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
"""The first and last month; winter is left out because it belongs to two years."""
