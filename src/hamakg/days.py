"""The calendar: how days follow each other and how far they are apart."""


def order_in_time(day: str) -> tuple[int, str]:
    """A key by which ``xsd:date`` strings stand in the order of time: years before Christ have a minus sign."""
    return int(day[:-6]), day[-5:]


def day_number(day: str) -> int:
    """A number by which days are apart; every month has 31, so that no calendar is needed to tell how far."""
    year, rest = order_in_time(day)
    return (year * 12 + int(rest[:2])) * 31 + int(rest[3:])
