"""The traits of a portal that may change while it is served."""

from collections.abc import Mapping
from typing import TypedDict

from icp_sync.sandbox.api.page_order import ASCENDING, SHUFFLED
from icp_sync.sandbox.deal_contact_edits import ABSENT, EMPTY, FILLED

CHOICES = {"listing": (ASCENDING, SHUFFLED), "primary_company": (FILLED, EMPTY, ABSENT)}
"""What a trait may be that is a word."""

Setting = int | float | bool | str
Place = tuple[object, str]


class PortalSettings(TypedDict, total=False):
    """How a portal behaves.

    `burst`: calls a token may make in ten seconds; `daily`: calls of the account a day, `used_today` of them are made;
    `searches`: those of the account in a second. `latency`: seconds an answer takes. `ahead`: seconds the clock is
    ahead. `index_lag`, `fill_delay`: seconds search and active lists stay behind. `search_disorder`: hits stand so many
    places from their own. `search_total_capped`: totals end at 10,000. `listing`: the order of the list endpoint,
    `ascending` or `shuffled`. `most_lists`: lists of a kind. `unchanged_bumps`: a write of what is there already moves
    the last-modified moment. `merge_new_ids`: a merge over HTTP gives a new id.
    `primary_company`: whether deals made from now on name theirs in a property: `filled`, `empty`, or `absent` with the
    property itself.
    """

    burst: int
    daily: int
    used_today: int
    searches: int
    latency: float
    ahead: float
    index_lag: float
    fill_delay: float
    search_disorder: int
    search_total_capped: bool
    listing: str
    most_lists: int
    primary_company: str
    unchanged_bumps: bool
    merge_new_ids: bool


class SettingsRegistry:
    """Traits by name; each has its place, an object and the name of an attribute."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places

    def as_dict(self) -> dict[str, Setting]:
        """Every trait by name."""
        return {name: getattr(*place) for name, place in self._places.items()}

    def change(self, changes: Mapping[str, object]) -> None:
        """Set traits by name. ValueError when one is unknown or of another type; then none is set."""
        now = self.as_dict()
        for name, value in changes.items():
            if name not in now:
                raise ValueError(f"unknown setting {name!r}; known: {', '.join(now)}")
            _require_type(name, value, now[name])
        for name, value in changes.items():
            setattr(*self._places[name], value)


def _require_type(name: str, value: object, now: Setting) -> None:
    if isinstance(now, str):
        if value not in CHOICES[name]:
            raise ValueError(f"{name} is {' or '.join(CHOICES[name])}")
    elif isinstance(now, bool):
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false")
    elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} is a number, not negative")
