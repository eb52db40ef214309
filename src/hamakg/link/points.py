"""Points on the earth: how they are read from text, and how far apart they are."""

import math
import re
from dataclasses import dataclass

_NUMBER = r"([-+]?[0-9]{1,3}(?:\.[0-9]+)?)"
_PAIR = re.compile(rf"{_NUMBER}(?:\s*,\s*|\s+){_NUMBER}")
_WKT = re.compile(rf"POINT\s*\(\s*{_NUMBER}\s+{_NUMBER}\s*\)", re.IGNORECASE)
_MAX_LATITUDE, _MAX_LONGITUDE = 90, 180  # degrees
_EARTH_RADIUS_KM = 6371.0088  # the mean radius (IUGG)


@dataclass(frozen=True, slots=True)
class Point:
    """A point in degrees (WGS 84), as decimal text: a source's digits are kept as they are written."""

    latitude: str
    longitude: str


def parse_point(coordinates: str, latitude: str = "", longitude: str = "") -> Point | None:
    """Read a point from "lat,long", from Wikidata's "Point(long lat)", or from two numbers; None for anything else.

    Degrees with letters ("35° S") are not read: misreading the letter would move the point to the other hemisphere.
    """
    if latitude and longitude:
        coordinates = f"{latitude.strip()},{longitude.strip()}"
    if pair := _PAIR.fullmatch(coordinates.strip()):
        lat, long = pair.groups()
    elif pair := _WKT.fullmatch(coordinates.strip()):
        long, lat = pair.groups()
    else:
        return None
    return Point(lat, long) if abs(float(lat)) <= _MAX_LATITUDE and abs(float(long)) <= _MAX_LONGITUDE else None


def distance_km(a: Point, b: Point) -> float:
    """Return the great-circle distance in kilometres, by the haversine formula."""
    lat_a, long_a, lat_b, long_b = (math.radians(float(d)) for d in (a.latitude, a.longitude, b.latitude, b.longitude))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((long_b - long_a) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def to_cartesian(point: Point) -> tuple[float, float, float]:
    """Return the point in space, in kilometres from the earth's centre.

    The straight line between two near points is almost as long as the great circle, and much cheaper to compute.
    """
    lat, long = math.radians(float(point.latitude)), math.radians(float(point.longitude))
    return (
        _EARTH_RADIUS_KM * math.cos(lat) * math.cos(long),
        _EARTH_RADIUS_KM * math.cos(lat) * math.sin(long),
        _EARTH_RADIUS_KM * math.sin(lat),
    )


def chord_to_arc_km(chord: float) -> float:
    """Return the great-circle distance between two points whose straight-line distance is ``chord`` kilometres."""
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, chord / (2 * _EARTH_RADIUS_KM)))
