"""Asks a service over HTTP: no faster than it allows, again when it fails, and never with a secret in what is told.

Several answers in a row are waited for with the one back-off of ``ingest.backoff``. A service that says how long it
wants to be left alone is left alone.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from ingest.backoff import Backoff
from ingest.decoder import quoted
from ingest.sources.pull.account import ServiceAccount
from ingest.sources.pull.errors import AccountError, QuestionRefusedError, ServiceAwayError, StoppedError

if TYPE_CHECKING:
    import httpx

TRIES: Final = 5
FIRST_PAUSE: Final = 1.0  # seconds
LONGEST_PAUSE: Final = 60.0
PATIENCE: Final = 120.0  # so long a wish to be left alone is waited for; a longer one ends the round
TIMEOUT: Final = 60.0  # seconds
CONNECTING: Final = 10.0  # seconds
LARGEST: Final = 64 << 20  # bytes of one answer

Wait = Callable[[float], bool]
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class Client:
    """Asks one service by one account, ``pause`` seconds apart, from construction to ``close``.

    ``wait`` sleeps for some seconds and returns whether to stop.
    """

    def __init__(
        self, url: str, account: ServiceAccount, pause: float, wait: Wait, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url, self._account, self._pause = (account.url or url).rstrip("/"), account, pause
        self._wait, self._clock = wait, clock
        import httpx  # noqa: PLC0415 - a tenth of the start of whoever reads a city file, and few cities ask anybody

        timeout = httpx.Timeout(TIMEOUT, connect=CONNECTING)
        self._http = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=True)
        self._next = clock()
        self._token: str | None = None
        self._token_until = clock()
        self.remembered: dict[str, object] = {}  # what a service was asked once for all questions

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    @property
    def has_address(self) -> bool:
        """Whether the account says where the service is, or everybody finds it at the same place."""
        return bool(self._url)

    def secret(self, name: str) -> str:
        """Return a secret of the account; empty where it has none of that name."""
        return self._account.secrets.get(name, "")

    def token(self, fetch: Callable[[], tuple[str, float]]) -> Mapping[str, str]:
        """Return the header of a token that ``fetch`` returns with the seconds it is good for; kept that long."""
        if self._token is None or self._clock() >= self._token_until:
            self._token, seconds = fetch()
            self._token_until = self._clock() + seconds
        return {"Authorization": f"Bearer {self._token}"}

    def get(
        self, path: str, params: Mapping[str, str] = {}, headers: Mapping[str, str] = {}, *, url: str | None = None
    ) -> bytes:
        """Return the answer to a question; raises AccountError, ServiceAwayError, QuestionRefusedError, StoppedError.

        ``url``: where to ask, where that is not where the service is; an account with a URL of its own goes before it.
        """
        base = self._account.url or url or self._url
        return self._answer(lambda: self._http.build_request("GET", f"{base}{path}", params=params, headers=headers))

    def post(self, path: str, headers: Mapping[str, str] = {}, *, json: object = None, form: object = None) -> bytes:
        """Return the answer to a question with a body; a ``path`` that is a URL goes there. Otherwise as ``get``."""
        url = path if path.startswith("http") else f"{self._url}{path}"
        body = {"json": json} if form is None else {"data": form}
        return self._answer(lambda: self._http.build_request("POST", url, headers=headers, **body))  # type: ignore[arg-type]  # one of two keywords

    def renewed(self, ask: Callable[[], bytes]) -> bytes:
        """Return what ``ask`` returns, once more with a new token where the service does not take the former one."""
        had_one = self._token is not None
        try:
            return ask()
        except AccountError:
            if not had_one:
                raise
            self._token = None
            return ask()

    def _answer(self, request: "Callable[[], httpx.Request]") -> bytes:
        import httpx  # noqa: PLC0415 - as above

        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        for attempt in range(1, TRIES + 1):
            self._keep_apart()
            asked = request()
            place = f"{asked.url.host}{asked.url.path}"  # no query: of some services it holds the secret
            try:
                status, headers, body = self._send(asked)
            except httpx.HTTPError as error:
                trouble, wanted = f"{place}: {type(error).__name__}", None
            else:
                if status == HTTPStatus.OK:
                    return body
                trouble, wanted = f"{place} answers {status}", _wish(headers, datetime.now(UTC))
                if status == HTTPStatus.UNAUTHORIZED:
                    raise AccountError(f"{trouble}: it does not take the account {self._account.name}")
                if status not in _AGAIN:
                    raise QuestionRefusedError(f"{trouble}: {quoted(self._masked(body))}")
            if wanted is not None and wanted > PATIENCE:
                raise ServiceAwayError(f"{trouble} and wants to be asked again in {wanted:.0f} s", wanted)
            if attempt < TRIES and self._wait(backoff.next() if wanted is None else wanted):
                raise StoppedError("asked to stop")
        raise ServiceAwayError(f"{trouble}, {TRIES} times", wanted or 0.0)

    def _send(self, request: "httpx.Request") -> tuple[int, Mapping[str, str], bytes]:
        response = self._http.send(request, stream=True)
        try:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST:
                    place = f"{request.url.host}{request.url.path}"
                    raise QuestionRefusedError(f"{place}: the answer is longer than {LARGEST >> 20} MiB")
            return response.status_code, response.headers, bytes(body)
        finally:
            response.close()

    def _keep_apart(self) -> None:
        """Wait until the service may be asked again."""
        now = self._clock()
        if now < self._next and self._wait(self._next - now):
            raise StoppedError("asked to stop")
        self._next = self._clock() + self._pause

    def _masked(self, body: bytes) -> str:
        text = body.decode(errors="replace")
        for secret in (*self._account.secrets.values(), self._token):
            text = text.replace(secret, "***") if secret else text
        return text


def _wish(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return for how many seconds a service wants to be left alone: Retry-After, in seconds or as a date."""
    retry_after = headers.get("retry-after", "").strip()
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)  # "-0000": in UTC, says RFC 5322, wherever it is
    return max(0.0, (until - now).total_seconds())
