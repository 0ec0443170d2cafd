"""HubSpot's rate limits: ten rolling seconds per token, a day per account, one second for search."""

from collections import deque
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icp_sync.sandbox.error_responses import ApiError

UNLIMITED = 100_000
SEARCHES_A_SECOND = 5
_MESSAGE = "You have reached your {} limit."


def limit_exceeded(policy: str) -> ApiError:
    """The 429 of a policy: TEN_SECONDLY_ROLLING, SECONDLY or DAILY."""
    return ApiError(429, _MESSAGE.format(policy.lower()), "RATE_LIMITS", errorType="RATE_LIMIT", policyName=policy)


class RollingWindow:
    """A rolling window that admits so many calls in so many seconds."""

    def __init__(self, calls: int, seconds: float) -> None:
        self.calls = calls
        self.seconds = seconds
        self._admitted: deque[float] = deque()

    def admit(self, now: float) -> bool:
        if self.remaining(now) <= 0:
            return False
        self._admitted.append(now)
        return True

    def remaining(self, now: float) -> int:
        while self._admitted and self._admitted[0] <= now - self.seconds:
            self._admitted.popleft()
        return self.calls - len(self._admitted)


class RateLimits:
    """Counts the admitted calls; a refused call costs nothing."""

    def __init__(self, clock: Callable[[], float], time_zone: str) -> None:
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self.daily = 1_000_000
        self.used_today = 0
        self._day = self._today()
        self._windows: dict[str, RollingWindow] = {}
        self._search = RollingWindow(SEARCHES_A_SECOND, 1.0)
        self.burst = UNLIMITED

    @property
    def burst(self) -> int:
        """Calls a token may make in ten seconds."""
        return self._burst

    @burst.setter
    def burst(self, calls: int) -> None:
        self._burst = calls
        for window in self._windows.values():
            window.calls = calls

    @property
    def searches(self) -> int:
        """Searches the account may make in a second."""
        return self._search.calls

    @searches.setter
    def searches(self, calls: int) -> None:
        self._search.calls = calls

    def admit(self, token: str, *, search: bool) -> None:
        """Count one call or refuse it with the 429 of the limit it breaks."""
        now = self._clock()
        self._reset_at_midnight()
        if self.used_today >= self.daily:
            raise limit_exceeded("DAILY")
        window = self._search if search else self._token_window(token)
        if not window.admit(now):
            raise limit_exceeded("SECONDLY" if search else "TEN_SECONDLY_ROLLING")
        self.used_today += 1

    def headers(self, token: str) -> dict[str, str]:
        """What every answer but a search's carries."""
        remaining = self._token_window(token).remaining(self._clock())
        return {
            "X-HubSpot-RateLimit-Daily": str(self.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, self.daily - self.used_today)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Max": str(self.burst),
            "X-HubSpot-RateLimit-Remaining": str(max(0, remaining)),
            "X-HubSpot-RateLimit-Secondly": str(max(1, self.burst // 10)),
            "X-HubSpot-RateLimit-Secondly-Remaining": str(max(0, self.burst // 10 - 1)),
        }

    def resets_at(self) -> int:
        """Epoch milliseconds of the next midnight in the portal's time zone."""
        tomorrow = self._today() + timedelta(days=1)
        midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=self._zone)
        return int(midnight.timestamp() * 1000)

    def utc_offset(self) -> timedelta:
        """How far the portal's clock is ahead of UTC now."""
        return datetime.fromtimestamp(self._clock(), self._zone).utcoffset() or timedelta()

    def _token_window(self, token: str) -> RollingWindow:
        if token not in self._windows:
            self._windows[token] = RollingWindow(self._burst, 10.0)
        return self._windows[token]

    def _reset_at_midnight(self) -> None:
        today = self._today()
        if today != self._day:
            self._day, self.used_today = today, 0

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), self._zone).date()
