"""The traits of a portal that may change while it is served."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .listing import ASCENDING, SHUFFLED

if TYPE_CHECKING:
    from .portal import SandboxPortal

Setting = int | float | bool | str

_PLACES = {
    "burst": "limits.burst",
    "daily": "limits.daily",
    "used_today": "limits.used_today",
    "searches": "limits.searches",
    "latency": "latency",
    "ahead": "ahead",
    "index_lag": "index_lag",
    "search_disorder": "searching.disorder",
    "search_total_capped": "searching.capped",
    "listing": "listing",
    "unchanged_bumps": "writing.unchanged_bumps",
    "merge_new_ids": "merge_new_ids",
}


def settings_of(portal: "SandboxPortal") -> dict[str, Setting]:
    """Every trait by name."""
    return {name: getattr(*_place(portal, path)) for name, path in _PLACES.items()}


def change_settings(portal: "SandboxPortal", changes: Mapping[str, Setting]) -> None:
    """Set traits by name. ValueError when one is unknown or of another type; then none is set."""
    now = settings_of(portal)
    for name, value in changes.items():
        if name not in now:
            raise ValueError(f"unknown setting {name!r}; known: {', '.join(now)}")
        _checked(name, value, now[name])
    for name, value in changes.items():
        setattr(*_place(portal, _PLACES[name]), value)


def _checked(name: str, value: object, now: Setting) -> None:
    if isinstance(now, str):
        if value not in (ASCENDING, SHUFFLED):
            raise ValueError(f"{name} is {ASCENDING} or {SHUFFLED}")
    elif isinstance(now, bool):
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false")
    elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} is a number, not negative")


def _place(portal: "SandboxPortal", path: str) -> tuple[object, str]:
    """The object that holds a trait, and its name there."""
    part, _, name = path.rpartition(".")
    return (getattr(portal, part) if part else portal), name
