"""Parts of months and years by the words for them, as infoboxes and narratives date by them."""

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
"""First and last day of a part of a month, and first and last month of that part of a year."""

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
"""First and last month; winter lies in two years."""
