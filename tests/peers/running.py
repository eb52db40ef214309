"""What peers that run as servers need: a port of their own, and the moment from which they answer."""

import socket
import time

import requests


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def once_it_answers(url: str) -> str:
    """The address, when its server answers. Raises TimeoutError after a minute."""
    for _ in range(600):
        try:
            requests.get(url, timeout=5).raise_for_status()
            return url
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError(url)
