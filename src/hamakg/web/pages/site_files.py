"""``/robots.txt`` and ``/favicon.ico``, which crawlers and browsers request at these addresses."""

from flask import Response, current_app

from hamakg.web.pages.context import PageContext


def send_robots(context: PageContext) -> Response:
    """Sends what crawlers should leave alone: addresses that run queries or change data."""
    return current_app.send_static_file("robots.txt")


def send_favicon(context: PageContext) -> Response:
    """Sends the icon for browsers that do not read ``<link rel="icon">``."""
    return current_app.send_static_file("favicon.ico")
