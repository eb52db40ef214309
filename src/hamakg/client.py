"""Asking a web service with good manners: a User-Agent with a contact, one request at a time, as long a wait as is
asked for.

Wikimedia's etiquette is the measure (https://www.mediawiki.org/wiki/API:Etiquette). Whoever opens a connection does it
here.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import requests

from hamakg.errors import HamakgError, Unavailable, UsageError
from hamakg.settings import CONTACT

_TRIES = 5
_PASSING = (429, 500, 502, 503, 504)
_LONGEST = 120.0  # seconds that a service is waited for in all; who wants longer is asked again in another run
_SILENT_TRIES = 2
_OTHER = "answers with something else than JSON; is it the address of {}?"


class _Passing(Exception):
    """What went wrong with one try but may not with the next: ``wait`` is what the service asks for, in seconds,
    ``tries`` how many are worth their time.
    """

    def __init__(self, error: HamakgError, wait: float = 0.0, tries: int = _TRIES) -> None:
        super().__init__(error)
        self.error, self.wait, self.tries = error, wait, tries


class Client:
    """A connection to one service that answers forms with JSON.

    ``pause`` is the first wait in seconds after a failure, each next one twice as long; ``timeout`` the seconds to
    connect, and between two pieces of an answer; ``expected`` says what the address should be of. Raises UsageError
    where ``url`` is no address, or ``contact`` cannot stand in a header.
    """

    def __init__(
        self,
        url: str,
        contact: str = CONTACT,
        pause: float = 1.0,
        timeout: tuple[float, float] = (10, 60),
        expected: str = "an api.php",
    ) -> None:
        if not _is_address(url):
            raise UsageError(f"{url!r} is no address of the web; it has to begin with http:// or https://")
        if not (contact.isascii() and contact.isprintable()):
            raise UsageError(f"the contact {contact!r} has to be of ASCII letters and signs: it travels in a header")
        self.url, self._pause, self._timeout, self._expected = url, pause, timeout, expected
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"hamakg/{version('hamakg')} ({contact})"

    def ask(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """The service's answer, asked again where it was cut off, is busy or lags behind.

        Raises Unavailable, and HamakgError where it refuses or gives no JSON object; both name the service.
        """
        attempt, waited = 1, 0.0
        while True:
            try:
                return self._once(form)
            except _Passing as passing:
                if attempt >= passing.tries:
                    raise passing.error from passing
                wait = max(passing.wait, self._pause * 2 ** (attempt - 1))
                if waited + wait > _LONGEST:
                    raise Unavailable(f"{self.url} asks to wait {wait:.0f} s; run it again then") from passing
            time.sleep(wait)
            attempt, waited = attempt + 1, waited + wait

    def _once(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            answer = self._session.post(self.url, data=form, timeout=self._timeout)
            wait = _seconds(answer.headers.get("Retry-After", ""))
            if answer.status_code in _PASSING:
                raise _Passing(HamakgError(f"{self.url} answers {answer.status_code}; try again later"), wait)
            answer.raise_for_status()
            told = answer.json()
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            tries = _SILENT_TRIES if isinstance(error, requests.ReadTimeout) else _TRIES
            away = Unavailable(f"{self.url} cannot be reached ({_reason(error)})")
            raise _Passing(away, tries=tries) from error
        except (requests.exceptions.JSONDecodeError, RecursionError) as error:
            raise _Passing(self._is_other()) from error
        except requests.HTTPError as error:
            raise HamakgError(f"{self.url} answers {error.response.status_code}; check the address") from error
        except requests.RequestException as error:
            raise HamakgError(f"{self.url} cannot be asked ({_reason(error)})") from error
        except ValueError as error:  # a number of thousands of digits
            raise _Passing(self._is_other()) from error
        if not isinstance(told, dict):
            raise _Passing(self._is_other())
        fault = told.get("error", {})
        if isinstance(fault, dict) and fault.get("code") == "maxlag":
            raise _Passing(HamakgError(f"{self.url} is too busy; try again later"), wait)
        if fault:
            raise HamakgError(f"{self.url} refuses: {_told(fault)}")
        return told

    def _is_other(self) -> HamakgError:
        return HamakgError(f"{self.url} {_OTHER.format(self._expected)}")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # "http://[", a port that is no number
        return False


def _seconds(text: str) -> float:
    """What Retry-After says, a number or a date; 0 for neither (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)."""
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):  # no date, or one without its zone
        return 0.0


def _told(fault: object) -> object:
    return fault.get("info", fault.get("code")) if isinstance(fault, dict) else fault


def _reason(error: Exception) -> str:
    """The innermost reason of a failed request, in few words."""
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    return (str(inner) or type(inner).__name__)[:160]
