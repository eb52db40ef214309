"""Reads coordinates: "52.517, 13.383", "35°08′N 36°45′E".

No library does this: infoboxes write points in only a few forms, but among other words, and every digit has to stay.
"""

import re
from decimal import Decimal

_MAX_LATITUDE, _MAX_LONGITUDE = 90, 180
_DEGREES = (
    r"(?P<{0}>\d{{1,3}}(?:\.\d+)?)°\s*"
    r"(?:(?P<{0}m>\d{{1,2}}(?:\.\d+)?)[′']\s*(?:(?P<{0}s>\d{{1,2}}(?:\.\d+)?)[″\"]\s*)?)?"
)
_SEXAGESIMAL = re.compile(rf"{_DEGREES.format('lat')}(?P<ns>[NS])[\s,;/]*{_DEGREES.format('long')}(?P<ew>[EW])")
_NUMBER = r"[-−]?\d{1,3}(?:\.\d{1,8})?"
_DECIMAL = re.compile(rf"(?<![\w.,-])(?P<lat>{_NUMBER})\s*[,;]\s*(?P<long>{_NUMBER})(?![\w.,])")


def read_coordinates(value: str) -> tuple[tuple[Decimal, Decimal] | None, str]:
    """Latitude and longitude in degrees (WGS 84, north and east positive), and the words that were not understood.

    The first of several points; None and the whole value if there is no valid point.
    """
    match = _SEXAGESIMAL.search(value)
    point = (_read_degrees(match, "lat", "S"), _read_degrees(match, "long", "W")) if match else None
    if match is None and (match := _DECIMAL.search(value)):
        point = (_parse_number(match["lat"]), _parse_number(match["long"]))
    if match is None or point is None or abs(point[0]) > _MAX_LATITUDE or abs(point[1]) > _MAX_LONGITUDE:
        return None, value.strip()
    return point, f"{value[: match.start()]} {value[match.end() :]}".strip(" ,;/\n")


def _read_degrees(match: re.Match[str], name: str, negative: str) -> Decimal:
    """The decimal degrees, rounded to the precision of the seconds (one is 31 m of latitude) or minutes."""
    minutes, seconds = match[f"{name}m"], match[f"{name}s"]
    degrees = Decimal(match[name]) + Decimal(minutes or 0) / 60 + Decimal(seconds or 0) / 3600
    if minutes:
        degrees = round(degrees, 4 if seconds else 3)
    return -degrees if negative in (match["ns"], match["ew"]) else degrees


def _parse_number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))
