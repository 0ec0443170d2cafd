"""The connection to a portal, shared by all threads: every call is rate limited, counted and retried."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Event, Lock
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit

from hubspot import HubSpot

from icp_sync.errors import AuthenticationFailed, PortalError, PortalUnavailable
from icp_sync.portal.client.clock import Clock, MonotonicClock
from icp_sync.portal.client.exception_translation import SDK_EXCEPTIONS, translate_exception
from icp_sync.portal.client.ordered_concurrent_map import Input, Output, map_ordered
from icp_sync.portal.client.proxy_and_certificates import network_path
from icp_sync.portal.client.quota_day import PortalDay
from icp_sync.portal.client.rate_limit import QuotaGuard, RateLimiter
from icp_sync.portal.client.response_shapes import whole_number
from icp_sync.portal.client.responses import GET_A_KEY, CallInfo, server_date
from icp_sync.portal.client.retry import CallFailure, Retrier, RetryableFailure
from icp_sync.portal.client.routes import UNDATED_VERSION, Route
from icp_sync.portal.client.success_responses import parse_success

Query = Sequence[tuple[str, object]]
Body = Callable[[PortalError | None], object]

READ_TIMEOUT_S: Final = 60.0
CONNECT_TIMEOUT_S: Final = 5.0
# A host name may resolve to ten addresses, each tried for so long: a network that drops every packet must be
# recognised within the 20 seconds before the first response (FIRST_RESPONSE_TIMEOUT_S).
FIRST_CONNECT_TIMEOUT_S: Final = 2.0
# Calls in ten seconds, until a response header names the portal's own limit: the lowest HubSpot grants.
_DEFAULT_BURST_LIMIT: Final = 100
# HubSpot limits search to five calls a second for the whole account and sends no limit headers with it.
_SEARCHES_PER_SECOND: Final = 5
# At 0.95 a search that travels 50 ms longer than the one after it causes a 429, and all searches pause a second.
_SEARCH_SHARE: Final = 0.9


class CallCounter:
    """Counts the HTTP calls sent, failed attempts included; thread-safe."""

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

    `time_zone` (IANA name) is set by `account.fetch_account`, `resets_at` (ISO 8601, when the account's daily call
    count restarts) by `account.fetch_daily_usage`; None before. `quota_guard` enforces our daily ceiling, if any.
    `portal_time` is the portal's clock (UTC, whole seconds) in its latest response, None where it sends no `Date`.
    `has_written`: a call that changes the portal was sent, whatever its outcome. `before_write` runs right before one.
    Proxy and certificates come from the environment (`network_path`). Raises AuthenticationFailed for a text that
    cannot be a token, Unavailable for a `base_url` that is no web address and an unusable proxy.
    """

    def __init__(
        self,
        token: str,
        base_url: str = "https://api.hubapi.com",
        version: str = UNDATED_VERSION,
        *,
        stop: Event,
        in_flight: int = 8,
        clock: Clock | None = None,
    ) -> None:
        if not token.isascii() or not token.isprintable() or not token or " " in token:
            raise AuthenticationFailed(f"the access token is empty or holds a character no token has; {GET_A_KEY}")
        self.in_flight = in_flight
        self.calls = CallCounter()
        self.has_written = False
        self.token = token
        self._version = version
        self._host = _host_and_port(base_url)
        self._clock = clock or MonotonicClock(stop)
        self._rate_limiter = RateLimiter(self._clock, _DEFAULT_BURST_LIMIT, 10)
        self._search_rate_limiter = RateLimiter(self._clock, _SEARCHES_PER_SECOND, 1, share=_SEARCH_SHARE)
        self._retrier = Retrier(self._clock)
        self._daily_remaining: str | None = None
        self._daily_limit: str | None = None
        self._calls_at_limit_header = 0
        self.time_zone: str | None = None
        self.resets_at: str | None = None
        self.portal_time: dt.datetime | None = None
        self.quota_guard: QuotaGuard | None = None
        self.before_write: Callable[[], None] = lambda: None
        # Every access to an API of the official client creates another connection pool, so one is kept for all.
        self._network_path = network_path(base_url)
        options = {"retry": False, "connection_pool_maxsize": in_flight, **self._network_path.client_options}
        client = HubSpot(access_token=token, host=base_url.rstrip("/"), **options)
        self._api = client.crm.companies.basic_api.api_client
        # Bodies are plain JSON here; the client would look at each value of each company for models of its own.
        self._api.sanitize_for_serialization = lambda content: content
        if self._network_path.trusted is not None and self._network_path.trusted.is_dir():
            self._api.rest_client.pool_manager.connection_pool_kw["ca_cert_dir"] = str(self._network_path.trusted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.rest_client.pool_manager.clear()
        if self.quota_guard is not None:
            self.quota_guard.close()

    def call(self, route: Route, *, query: Query = (), body: object = None, **ids: object) -> Any:
        """Return the parsed JSON of a 2xx response, after retries where the failure may pass.

        `ids` fill the placeholders of the route's path. Raises PortalError, Stopped; DailyLimitReached also before
        a call that exceeds our own daily ceiling.
        """
        return self._call_with_retry(route, _path_with_query(route.path(self._version, ids), query), lambda _: body)

    def call_rebuilding_body(self, route: Route, body: Body) -> Any:
        """Like `call`, with `body(previous error)` called before each attempt; the error is None before the first.

        What `body` raises ends the call.
        """
        return self._call_with_retry(route, route.path(self._version, {}), body)

    def _call_with_retry(self, route: Route, address: str, body: Body) -> Any:
        limiters = (self._search_rate_limiter, self._rate_limiter) if route.search else (self._rate_limiter,)
        previous_error: PortalError | None = None

        def attempt(seconds: float) -> Any:
            nonlocal previous_error
            content = body(previous_error)
            for limiter in limiters:
                limiter.acquire()
            try:
                return self._send(route, address, content, seconds)
            except RetryableFailure as failure:
                previous_error = failure.error
                raise

        return self._retrier.call(attempt, pause_all=limiters[0].pause)

    def clock_seconds(self) -> float:
        """Seconds of a monotonic clock."""
        return self._clock.now()

    def wait(self, seconds: float) -> None:
        """Wait so many seconds; raises Stopped when the run is asked to stop."""
        self._clock.wait(seconds)

    def map_concurrent(self, call: Callable[[Input], Output], inputs: Iterable[Input]) -> Iterator[Output]:
        """Yield `call(item)` for each of `inputs`, in their order, on `in_flight` threads."""
        return map_ordered(call, inputs, self.in_flight)

    def burst_limit(self) -> int:
        """Calls the portal allows in any ten seconds; 100 before its first response."""
        return self._rate_limiter.calls

    def daily_remaining(self) -> int | None:
        """Calls left to the account today: the latest limit header less the calls sent since; None without a header.

        Responses to searches carry no limit headers.
        """
        left = whole_number(self._daily_remaining)
        return None if left is None else max(0, left - (self.calls.total - self._calls_at_limit_header))

    def daily_limit(self) -> int | None:
        """Calls the account may send a day, by the latest limit header; None without one."""
        return whole_number(self._daily_limit)

    def calls_in_backoff(self) -> int:
        """Number of calls in backoff now."""
        return self._retrier.waiting

    def _send(self, route: Route, address: str, body: object, seconds: float) -> Any:
        """Send one HTTP call and parse its response; raises RetryableFailure or the failure's own PortalError."""
        if self.quota_guard is not None:
            self.quota_guard.count_call()
        if route.writes:
            self.before_write()
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
            outcome = parse_success(route, response.status, response.data, self._call_info(route))
        except SDK_EXCEPTIONS as error:
            outcome = translate_exception(error, self._call_info(route))
        if not isinstance(outcome, CallFailure):
            return outcome
        self._retrier.answered |= outcome.error.status is not None
        raise RetryableFailure(outcome, outcome.backoff) if outcome.backoff else outcome.error

    def _timeouts(self, seconds: float) -> tuple[float, float]:
        """Connect and read timeouts in seconds, bounded by the time left to the call."""
        connect = CONNECT_TIMEOUT_S if self._retrier.answered else FIRST_CONNECT_TIMEOUT_S
        return min(connect, max(1.0, seconds)), min(READ_TIMEOUT_S, max(1.0, seconds))

    def _update_limits(self, headers: Mapping[str, str]) -> None:
        """Set rate limiter, daily counts and portal time from headers; searches lack limits, `-Secondly` is unused."""
        self._retrier.answered = True
        self.portal_time = server_date(headers) or self.portal_time
        calls = whole_number(headers.get("X-HubSpot-RateLimit-Max"))
        window_ms = whole_number(headers.get("X-HubSpot-RateLimit-Interval-Milliseconds"))
        if calls and window_ms:
            self._rate_limiter.set_limit(calls, window_ms / 1000)
            self._daily_remaining = headers.get("X-HubSpot-RateLimit-Daily-Remaining")
            self._daily_limit = headers.get("X-HubSpot-RateLimit-Daily")
            self._calls_at_limit_header = self.calls.total

    def _call_info(self, route: Route) -> CallInfo:
        day = PortalDay(self.time_zone, self.resets_at, self.daily_limit())
        return CallInfo(route.label, self._host, self.token, day, self._network_path)


def _path_with_query(path: str, query: Query) -> str:
    """The path with its query; commas stay unescaped, as `properties` lists hundreds of names and URLs are bounded."""
    return f"{path}?{urlencode(query, safe=',')}" if query else path


def _host_and_port(base_url: str) -> str:
    """The host and port of an http(s) address; raises Unavailable for anything else."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise PortalUnavailable(f"{base_url!r} is not a web address; check HUBSPOT_BASE_URL")
    return parts.netloc.rpartition("@")[2]
