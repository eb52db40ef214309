"""A polite client for web services: a User-Agent with a contact, one request at a time, and as long a wait as asked.

It follows Wikimedia's etiquette (https://www.mediawiki.org/wiki/API:Etiquette). Only this module opens connections.
Retries are written by hand: a busy MediaWiki answers with status 200 and the error "maxlag", which urllib3's Retry does
not see.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import requests

from hamakg.errors import HamakgError, UnavailableError, UsageError
from hamakg.settings import CONTACT

_TRIES = 5
_TRIES_WITHOUT_ANSWER = 2
_RETRY_STATUSES = (429, 500, 502, 503, 504)
_LONGEST_WAIT = 120.0  # seconds in all for one request; a service that asks for more is left to another run


class _RetryableError(Exception):
    """An error that may not happen again: ``wait`` is what the service asks for, in seconds, ``tries`` the limit."""

    def __init__(self, error: HamakgError, wait: float = 0.0, tries: int = _TRIES) -> None:
        super().__init__(error)
        self.error, self.wait, self.tries = error, wait, tries


class ServiceClient:
    """A client of one service that answers POSTed forms with JSON."""

    def __init__(
        self,
        url: str,
        contact: str = CONTACT,
        pause: float = 1.0,
        timeout: tuple[float, float] = (10, 60),
        expected: str = "an api.php",
    ) -> None:
        """Prepare a client; nothing is sent yet.

        ``pause`` is the wait after the first failure in seconds, doubled after each further one. ``timeout`` gives the
        seconds to connect, and between two pieces of an answer. ``expected`` names what the address should belong to,
        for messages. Raises UsageError for a URL that is not http(s), or a contact that cannot stand in a header.
        """
        if not _is_web_address(url):
            raise UsageError(f"{url!r} is not a web address; it must begin with http:// or https://")
        if not (contact.isascii() and contact.isprintable()):
            raise UsageError(f"the contact {contact!r} goes into a header; use only printable ASCII characters")
        self.url, self._pause, self._timeout, self._expected = url, pause, timeout, expected
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"hamakg/{version('hamakg')} ({contact})"

    def ask(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the service's answer; retry when the connection breaks or the service is busy.

        Raises UnavailableError when the service cannot be reached or asks for a long wait, HamakgError when it refuses
        or does not answer with a JSON object. Each message names the service.
        """
        attempt, waited = 1, 0.0
        while True:
            try:
                return self._ask_once(form)
            except _RetryableError as failure:
                if attempt >= failure.tries:
                    raise failure.error from failure
                wait = max(failure.wait, self._pause * 2 ** (attempt - 1))
                if waited + wait > _LONGEST_WAIT:
                    raise UnavailableError(
                        f"{self.url} asks to wait {wait:.0f} s; run the command again later"
                    ) from failure
            time.sleep(wait)
            attempt, waited = attempt + 1, waited + wait

    def _ask_once(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Ask once. Raises _RetryableError for an error that may not happen again, and HamakgError."""
        response = self._post(form)
        wait = _retry_after(response.headers.get("Retry-After", ""))
        if response.status_code in _RETRY_STATUSES:
            raise _RetryableError(HamakgError(f"{self.url} answers {response.status_code}; try again later"), wait)
        if not response.ok:
            raise HamakgError(f"{self.url} answers {response.status_code}; check the address")
        try:
            answer = response.json()
        except (ValueError, RecursionError) as error:  # not JSON, or too deep, or a number of thousands of digits
            raise _RetryableError(self._not_json()) from error
        if not isinstance(answer, dict):
            raise _RetryableError(self._not_json())
        fault = answer.get("error", {})
        if isinstance(fault, dict) and fault.get("code") == "maxlag":
            raise _RetryableError(HamakgError(f"{self.url} is too busy; try again later"), wait)
        if fault:
            reason = fault.get("info", fault.get("code")) if isinstance(fault, dict) else fault
            raise HamakgError(f"{self.url} refuses: {reason}")
        return answer

    def _post(self, form: Mapping[str, str]) -> requests.Response:
        try:
            return self._session.post(self.url, data=form, timeout=self._timeout)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            tries = _TRIES_WITHOUT_ANSWER if isinstance(error, requests.ReadTimeout) else _TRIES
            unreachable = UnavailableError(f"{self.url} cannot be reached ({_innermost_reason(error)})")
            raise _RetryableError(unreachable, tries=tries) from error
        except requests.RequestException as error:
            raise HamakgError(f"{self.url} cannot be asked ({_innermost_reason(error)})") from error

    def _not_json(self) -> HamakgError:
        return HamakgError(f"{self.url} does not answer with a JSON object; is it the address of {self._expected}?")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # "http://[", or a port that is not a number
        return False


def _retry_after(text: str) -> float:
    """The seconds that a Retry-After header gives, as a number or as a date; 0 for anything else.

    https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    """
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):  # not a date, or a date without a time zone
        return 0.0


def _innermost_reason(error: Exception) -> str:
    """The message of the error at the bottom of the chain, shortened."""
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    return (str(inner) or type(inner).__name__)[:160]
