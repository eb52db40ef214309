"""Asking a web service with good manners: a User-Agent with a contact, one request at a time, as long a wait as is
asked for.

Wikimedia's etiquette is the measure (https://www.mediawiki.org/wiki/API:Etiquette). Whoever opens a connection does it
here.
"""

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from hamakg.errors import HamakgError
from hamakg.settings import CONTACT

_TRIES = 5
_PASSING = (429, 500, 502, 503, 504)
_LONGEST = 60.0  # seconds that a busy server is waited for at once
_OTHER = "answers with something else than JSON; is it the address of {}?"


class Client:
    """A connection to one service that answers forms with JSON.

    ``pause`` is the first wait in seconds after a failure, each next one twice as long; ``timeout`` the seconds to
    connect, and between two pieces of an answer; ``expected`` says what the address should be of.
    """

    def __init__(
        self,
        url: str,
        contact: str = CONTACT,
        pause: float = 1.0,
        timeout: tuple[float, float] = (10, 60),
        expected: str = "an api.php",
    ) -> None:
        self.url, self._pause, self._timeout, self._expected = url, pause, timeout, expected
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"hamakg/{version('hamakg')} ({contact})"
        waits = Retry(
            total=_TRIES, backoff_factor=pause, backoff_max=120, status_forcelist=_PASSING, allowed_methods=None
        )
        self._session.mount("http://", HTTPAdapter(max_retries=waits))
        self._session.mount("https://", HTTPAdapter(max_retries=waits))

    def ask(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """The service's answer, asked again where it was cut off or the servers lag behind.

        Raises HamakgError, which names the service, where it cannot be reached, refuses, or gives no JSON object.
        """
        wrong = ""
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(self._pause * 2 ** (attempt - 1))
            try:
                answer = self._session.post(self.url, data=form, timeout=self._timeout)
                answer.raise_for_status()
                told = answer.json()
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                wrong = f"cannot be reached ({_reason(error)})"
                continue
            except requests.exceptions.JSONDecodeError:
                wrong = _OTHER.format(self._expected)
                continue
            except requests.HTTPError as error:
                raise HamakgError(f"{self.url} answers {error.response.status_code}; check the address") from error
            except requests.RequestException as error:
                raise HamakgError(f"{self.url} cannot be asked ({_reason(error)})") from error
            if not isinstance(told, dict):
                wrong = _OTHER.format(self._expected)
                continue
            fault = told.get("error", {})
            if isinstance(fault, dict) and fault.get("code") == "maxlag":
                wrong = "is too busy; try again later"
                time.sleep(_seconds(answer.headers.get("Retry-After", "")))
                continue
            if fault:
                raise HamakgError(f"{self.url} refuses: {_told(fault)}")
            return told
        raise HamakgError(f"{self.url} {wrong}")


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST) if text.replace(".", "", 1).isdigit() else 0.0


def _told(fault: object) -> object:
    return fault.get("info", fault.get("code")) if isinstance(fault, dict) else fault


def _reason(error: Exception) -> str:
    """The innermost reason of a failed request, in few words."""
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    return (str(inner) or type(inner).__name__)[:160]
