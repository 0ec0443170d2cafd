"""The one connection to a portal: bound once, used by every thread; each call paced, counted, tried again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Event, Lock
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit

from hubspot import HubSpot

from icp_sync.errors import AuthenticationFailed, PortalError, Unavailable
from icp_sync.portal.client.clock import Clock, StoppableClock
from icp_sync.portal.client.concurrency import Given, Made, map_ordered
from icp_sync.portal.client.exceptions import SDK_EXCEPTIONS, translate
from icp_sync.portal.client.network import path_to
from icp_sync.portal.client.rate_limit import QuotaGuard, RateLimiter
from icp_sync.portal.client.responses import GET_A_KEY, CallInfo, PortalDay, parse_success, server_date
from icp_sync.portal.client.retry import CallFailure, Retrier, RetryableFailure
from icp_sync.portal.client.routes import LEGACY, Route

Query = Sequence[tuple[str, object]]
Body = Callable[[PortalError | None], object]

READ_TIMEOUT: Final = 60.0
CONNECT_TIMEOUT: Final = 5.0
# A name may stand for ten addresses, each tried for so long: a network that swallows everything must be
# told from a slow one within the twenty seconds before the first reply.
FIRST_CONNECT_TIMEOUT: Final = 2.0
_LIMIT_UNTIL_TOLD: Final = 100
_SEARCHES_A_SECOND: Final = 5
# At 0.95 a search that is 50 ms later on its way than the one after it costs a 429, and everybody a second's wait.
_SEARCH_SHARE: Final = 0.9


class CallCount:
    """The HTTP calls sent so far, tries that failed included."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def add(self, label: str) -> None:
        with self._lock:
            self._counts[label] += 1

    @property
    def by_route(self) -> dict[str, int]:
        """Calls by method and templated path, such as `GET /crm/objects/companies`."""
        with self._lock:
            return dict(self._counts)

    @property
    def total(self) -> int:
        return sum(self.by_route.values())


class Connection:
    """Calls to one portal with one access token; safe to use from `in_flight` threads at a time.

    `time_zone` is the portal's and `resets_at` (ISO 8601) when the account's daily count starts anew, once somebody
    has asked (`account.details`, `account.usage`); `allowance` is our own ceiling for the day, None without one.
    `portal_time` is the portal's own clock (UTC, whole seconds) at its latest answer, where it tells.
    `has_written`: a call that changes the portal was sent, whatever came of it.
    Proxies and certificates are the environment's (`way`). Raises AuthenticationFailed at once for a text that can
    be no access token, Unavailable for a `base_url` that is no web address, or a proxy that is none.
    """

    def __init__(
        self,
        token: str,
        base_url: str = "https://api.hubapi.com",
        version: str = LEGACY,
        *,
        stop: Event,
        in_flight: int = 8,
        clock: Clock | None = None,
    ) -> None:
        if not token.isascii() or not token.isprintable() or not token or " " in token:
            raise AuthenticationFailed(f"the access token is empty or holds a character no token has; {GET_A_KEY}")
        self.in_flight = in_flight
        self.calls = CallCount()
        self.has_written = False
        self.token = token
        self._version = version
        self._host = _host(base_url)
        self._clock = clock or StoppableClock(stop)
        self._pacer = RateLimiter(self._clock, _LIMIT_UNTIL_TOLD, 10)
        self._search_pacer = RateLimiter(self._clock, _SEARCHES_A_SECOND, 1, share=_SEARCH_SHARE)
        self._persistence = Retrier(self._clock)
        self._daily_remaining: str | None = None
        self._daily_limit: str | None = None
        self._calls_told = 0
        self.time_zone: str | None = None
        self.resets_at: str | None = None
        self.portal_time: dt.datetime | None = None
        self.allowance: QuotaGuard | None = None
        # Every access to an API of the client makes another pool of connections, so one is kept for all.
        self._way = path_to(base_url)
        options = {"retry": False, "connection_pool_maxsize": in_flight, **self._way.options}
        client = HubSpot(access_token=token, host=base_url.rstrip("/"), **options)
        self._api = client.crm.companies.basic_api.api_client
        if self._way.trusted is not None and self._way.trusted.is_dir():
            self._api.rest_client.pool_manager.connection_pool_kw["ca_cert_dir"] = str(self._way.trusted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.rest_client.pool_manager.clear()
        if self.allowance is not None:
            self.allowance.close()

    def call(self, route: Route, *, query: Query = (), body: object = None, **ids: object) -> Any:
        """The parsed answer to a call, tried again while that makes sense.

        Raises PortalFault, Stopped; DailyLimitReached also before a call our own ceiling does not allow.
        """
        return self._call_with_retry(route, _address(route.path(self._version, ids), query), lambda _: body)

    def send(self, route: Route, body: Body) -> Any:
        """The same for a call whose body is made for each try anew: told why the last one failed, None at first.

        What `body` raises ends the call.
        """
        return self._call_with_retry(route, route.path(self._version, {}), body)

    def _call_with_retry(self, route: Route, address: str, body: Body) -> Any:
        pacers = (self._search_pacer, self._pacer) if route.search else (self._pacer,)
        failed: PortalError | None = None

        def attempt(seconds: float) -> Any:
            nonlocal failed
            content = body(failed)
            for pacer in pacers:
                pacer.acquire()
            try:
                return self._send(route, address, content, seconds)
            except RetryableFailure as failure:
                failed = failure.failure.error
                raise

        return self._persistence.call(attempt, hold=pacers[0].pause)

    def seconds(self) -> float:
        """A clock that only grows."""
        return self._clock.now()

    def pause(self, seconds: float) -> None:
        """Wait before asking something again; raises Stopped when the run is asked to stop."""
        self._clock.wait(seconds)

    def map_concurrent(self, call: Callable[[Given], Made], inputs: Iterable[Given]) -> Iterator[Made]:
        """The answers of `call` to each of `inputs`, in their order, `in_flight` of them at a time."""
        return map_ordered(call, inputs, self.in_flight)

    def burst_limit(self) -> int:
        """Calls the portal allows in any ten seconds; 100 until it has told."""
        return self._pacer.calls

    def daily_remaining(self) -> int | None:
        """Calls left to the account today, as the latest answer told, less those sent since; None where it does not.

        Searches are answered without a word about limits.
        """
        left = _number(self._daily_remaining)
        return None if left is None else max(0, left - (self.calls.total - self._calls_told))

    def daily_limit(self) -> int | None:
        """Calls the account may send a day, as the latest answer told; None where it does not."""
        return _number(self._daily_limit)

    def waiting(self) -> int:
        """Calls that wait to be tried again, because the portal failed them or is too busy."""
        return self._persistence.waiting

    def _send(self, route: Route, address: str, body: object, seconds: float) -> Any:
        """One HTTP call; raises Again for a failure worth another, else the failure's error."""
        if self.allowance is not None:
            self.allowance.take()
        self.calls.add(route.label)
        self.has_written |= route.writes
        try:
            response = self._api.call_api(
                address,
                route.method,
                body=body,
                header_params={"Accept": "application/json", "Accept-Encoding": "gzip"},
                auth_settings=["oauth2"],
                _preload_content=False,
                _request_timeout=self._timeouts(seconds),
            )
            self._update_limits(response.headers)
            answer = parse_success(route, response.status, response.data, self._call_info(route))
        except SDK_EXCEPTIONS as fault:
            answer = translate(fault, self._call_info(route))
        if not isinstance(answer, CallFailure):
            return answer
        self._persistence.answered |= answer.error.status is not None
        raise RetryableFailure(answer, answer.patience) if answer.patience else answer.error

    def _timeouts(self, seconds: float) -> tuple[float, float]:
        """Connect and read timeouts that end with the time left to the call."""
        connect = CONNECT_TIMEOUT if self._persistence.answered else FIRST_CONNECT_TIMEOUT
        return min(connect, max(1.0, seconds)), min(READ_TIMEOUT, max(1.0, seconds))

    def _update_limits(self, headers: Mapping[str, str]) -> None:
        """Keep to the limit the portal names; searches name none, and `-Secondly` is no longer enforced."""
        self._persistence.answered = True
        self.portal_time = server_date(headers) or self.portal_time
        calls, window = (
            headers.get("X-HubSpot-RateLimit-Max"),
            headers.get("X-HubSpot-RateLimit-Interval-Milliseconds"),
        )
        if calls and window and calls.isdigit() and window.isdigit() and int(calls) and int(window):
            self._pacer.set_limit(int(calls), int(window) / 1000)
            self._daily_remaining = headers.get("X-HubSpot-RateLimit-Daily-Remaining")
            self._daily_limit = headers.get("X-HubSpot-RateLimit-Daily")
            self._calls_told = self.calls.total

    def _call_info(self, route: Route) -> CallInfo:
        day = PortalDay(self.time_zone, self.resets_at, self.daily_limit())
        return CallInfo(route.label, self._host, self.token, day, self._way)


def _address(path: str, query: Query) -> str:
    """The path and its query; a comma, of which lists of properties are full, needs no escaping there."""
    return f"{path}?{urlencode(query, safe=',')}" if query else path


def _number(told: str | None) -> int | None:
    return int(told) if told and told.isascii() and told.isdigit() else None


def _host(base_url: str) -> str:
    """The host and port of an http(s) address; raises Unavailable for anything else."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unavailable(f"{base_url!r} is not a web address; check HUBSPOT_BASE_URL")
    return parts.netloc.rpartition("@")[2]
