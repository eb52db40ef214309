"""What a source offers to link to: an item of Wikidata with what is known of it."""

import math
import re
from dataclasses import dataclass

WIKIDATA = "http://www.wikidata.org/entity/"

_ID = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/|wd:|wikidata:)?(Q[1-9][0-9]*)")
_NUMBER = r"([-+]?[0-9]{1,3}(?:\.[0-9]+)?)"
_PAIR = re.compile(rf"{_NUMBER}(?:\s*,\s*|\s+){_NUMBER}")
_WKT = re.compile(rf"POINT\s*\(\s*{_NUMBER}\s+{_NUMBER}\s*\)", re.IGNORECASE)
_EARTH_KM = 6371.0088  # the mean radius (IUGG)


def item_id(text: str) -> str | None:
    """The id of an item of Wikidata, from the id itself, its IRI, the address of its page or a prefixed name."""
    found = _ID.fullmatch(text)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth in degrees (WGS 84), as decimal text: what a source writes is kept to the digit."""

    latitude: str
    longitude: str


def point_of(coordinates: str, latitude: str = "", longitude: str = "") -> Point | None:
    """A point of "lat,long", of "Point(long lat)" as Wikidata writes it, or of two numbers; None for anything else.

    Degrees with letters ("35° S") are none: what is not read whole may say the other half of the world.
    """
    if latitude and longitude:
        coordinates = f"{latitude.strip()},{longitude.strip()}"
    if pair := _PAIR.fullmatch(coordinates.strip()):
        lat, long = pair.groups()
    elif pair := _WKT.fullmatch(coordinates.strip()):
        long, lat = pair.groups()
    else:
        return None
    return Point(lat, long) if abs(float(lat)) <= 90 and abs(float(long)) <= 180 else None


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its id ("Q173545"), its label and other names, the groups of its classes (of ``classes.toml``).

    ``types`` are the classes as the source has them, ``country`` the names of the state it belongs to, ``source`` names
    who gives the coordinates; ``linked`` says that an article's own link leads to its page.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    point: Point | None = None
    country: tuple[str, ...] = ()
    description: str = ""
    source: str = ""
    linked: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The label and the aliases."""
        return (self.label, *self.aliases)


def kilometres(a: Point, b: Point) -> float:
    """The great-circle distance, by the haversine formula."""
    lat_a, long_a, lat_b, long_b = (math.radians(float(d)) for d in (a.latitude, a.longitude, b.latitude, b.longitude))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((long_b - long_a) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def along_surface(straight: float) -> float:
    """Kilometres on the earth between two points so far from each other in space."""
    return 2 * _EARTH_KM * math.asin(min(1.0, straight / (2 * _EARTH_KM)))


def on_sphere(point: Point) -> tuple[float, float, float]:
    """The point in space, in kilometres from the centre: straight lines between near points are as long as the way."""
    lat, long = math.radians(float(point.latitude)), math.radians(float(point.longitude))
    return (
        _EARTH_KM * math.cos(lat) * math.cos(long),
        _EARTH_KM * math.cos(lat) * math.sin(long),
        _EARTH_KM * math.sin(lat),
    )
