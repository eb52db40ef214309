"""A point on the earth, as infoboxes write it: "52.517, 13.383", "35°08′N 36°45′E"."""

import re
from decimal import Decimal

_DEGREES = (
    r"(?P<{0}>\d{{1,3}}(?:\.\d+)?)°\s*"
    r"(?:(?P<{0}m>\d{{1,2}}(?:\.\d+)?)[′']\s*(?:(?P<{0}s>\d{{1,2}}(?:\.\d+)?)[″\"]\s*)?)?"
)
_SEXAGESIMAL = re.compile(rf"{_DEGREES.format('lat')}(?P<ns>[NS])[\s,;/]*{_DEGREES.format('long')}(?P<ew>[EW])")
_MAX_LATITUDE, _MAX_LONGITUDE = 90, 180  # degrees
_NUMBER = r"[-−]?\d{1,3}(?:\.\d{1,8})?"
_DECIMAL = re.compile(rf"(?<![\w.,-])(?P<lat>{_NUMBER})\s*[,;]\s*(?P<long>{_NUMBER})(?![\w.,])")


def read_coordinates(value: str) -> tuple[tuple[Decimal, Decimal] | None, str]:
    """Latitude and longitude in degrees (WGS 84, north and east positive), and the words that were not understood.

    Of several points the first; None, and the whole value, where there is none on the earth.
    """
    found = _SEXAGESIMAL.search(value)
    point = (_degrees(found, "lat", "S"), _degrees(found, "long", "W")) if found else None
    if found is None and (found := _DECIMAL.search(value)):
        point = (_number(found["lat"]), _number(found["long"]))
    if found is None or point is None or abs(point[0]) > _MAX_LATITUDE or abs(point[1]) > _MAX_LONGITUDE:
        return None, value.strip()
    return point, f"{value[: found.start()]} {value[found.end() :]}".strip(" ,;/\n")


def _degrees(found: re.Match[str], name: str, negative: str) -> Decimal:
    """The degrees to as many digits as the seconds (one is 31 m of latitude), minutes or degrees tell."""
    minutes, seconds = found[f"{name}m"], found[f"{name}s"]
    degrees = Decimal(found[name]) + Decimal(minutes or 0) / 60 + Decimal(seconds or 0) / 3600
    if minutes:
        degrees = round(degrees, 4 if seconds else 3)
    return -degrees if negative in (found["ns"], found["ew"]) else degrees


def _number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))
