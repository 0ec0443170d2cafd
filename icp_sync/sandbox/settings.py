"""The traits of a portal that may change while it is served."""

from collections.abc import Mapping

from icp_sync.sandbox.api.page_order import ASCENDING, SHUFFLED

Setting = int | float | bool | str
Place = tuple[object, str]


class Settings:
    """Traits by name; each has its place, an object and the name of an attribute."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places

    def all(self) -> dict[str, Setting]:
        """Every trait by name."""
        return {name: getattr(*place) for name, place in self._places.items()}

    def change(self, changes: Mapping[str, Setting]) -> None:
        """Set traits by name. ValueError when one is unknown or of another type; then none is set."""
        now = self.all()
        for name, value in changes.items():
            if name not in now:
                raise ValueError(f"unknown setting {name!r}; known: {', '.join(now)}")
            _require_type(name, value, now[name])
        for name, value in changes.items():
            setattr(*self._places[name], value)


def _require_type(name: str, value: object, now: Setting) -> None:
    if isinstance(now, str):
        if value not in (ASCENDING, SHUFFLED):
            raise ValueError(f"{name} is {ASCENDING} or {SHUFFLED}")
    elif isinstance(now, bool):
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false")
    elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} is a number, not negative")
