"""The machine in memory can fail: it finds faults planted in the core and in the lease within six worlds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl
import pytest

from icp_sync.plan import held_inputs, list_pins, override_rules, overrides, undo
from icp_sync.plan.list_pins import OpenPins
from tests.drills.in_memory import host, night, steps
from tests.drills.in_memory.world import World

WORLDS: Final = (1, 2, 5, 0, 3, 4, 22)
COMPANIES: Final = 60
NIGHTS: Final = 12
Planted = Callable[[pytest.MonkeyPatch], None]


def always(text: str) -> Callable[..., pl.Expr]:
    """A function that says the same of every source."""
    return lambda *_: pl.lit(text)


def never(*_: object) -> pl.Expr:
    """A condition that no row meets."""
    return pl.lit(value=False)


def without(frame: int) -> Callable[..., pl.DataFrame]:
    """A function that returns none of the rows of its argument of that place."""

    def emptied(*arguments: Any, **_: Any) -> pl.DataFrame:
        rows: pl.DataFrame = arguments[frame]
        return rows.clear()

    return emptied


def oldest_versions(history: pl.DataFrame) -> pl.DataFrame:
    """The oldest version of each property instead of the newest."""
    return history.unique(["id", "property"], keep="last", maintain_order=True)


def plant(owner: Any, name: str, fault: Any) -> Planted:
    """Put a fault in the place of a function."""
    return lambda monkeypatch: monkeypatch.setattr(owner, name, fault)


def no_pins_out(find_changes: Callable[..., list_pins.PinChanges]) -> Callable[..., list_pins.PinChanges]:
    def changed(*arguments: Any) -> list_pins.PinChanges:
        pins = find_changes(*arguments)
        standing = OpenPins(pins.standing.inside, pins.standing.outside.clear())
        return list_pins.PinChanges(standing, pins.opened, pins.ended, pins.agreed)

    return changed


FAULTS: Final[Mapping[str, Planted]] = {
    "people are taken for HubSpot itself": plant(override_rules, "source_class", always("system")),
    "workflows are taken for people": plant(override_rules, "source_class", always("person")),
    "everybody is us": plant(override_rules, "is_own_source", lambda _: pl.lit(value=True)),
    "nobody is us": plant(override_rules, "is_own_source", never),
    "the oldest entry counts": plant(overrides, "latest_versions", oldest_versions),
    "a restoration counts as an entry": plant(overrides, "without_repetitions", lambda history: history),
    "what was released is asked about as ever": plant(override_rules, "_is_older_than_release", never),
    "nothing expires": plant(override_rules, "_is_past_expiry", never),
    "everything is put back": plant(override_rules, "_is_kept", never),
    "a value set anew keeps its date": plant(override_rules, "_is_set_anew", never),
    "what we wrote under an override is forgotten": plant(
        host, "keys_to_remember", lambda decisions: decisions.select("id", "property").clear()
    ),
    "survivors inherit nothing": plant(night, "inherit_from_merged", without(0)),
    "overrides of gone companies stay": plant(night, "overrides_of_gone", without(0)),
    "holds end at once": plant(held_inputs, "_hold_duration", lambda _: pl.duration(days=0)),
    "in an outage days go on": plant(held_inputs, "_properties_in_outage", lambda *_: ()),
    "lost inputs are forgotten": plant(night, "attached_holds", lambda _: held_inputs.NO_HOLDS),
    "whom people took off is put on again": lambda monkeypatch: monkeypatch.setattr(
        "icp_sync.plan.desired_lists.find_pin_changes", no_pins_out(list_pins.find_pin_changes)
    ),
    "what runs moved is not remembered": plant(night, "members_after_last_change", lambda last, *_: last),
    "an undo takes back what moved": plant(undo, "_is_company_moved", never),
    "locks set since the plan are overlooked": plant(host, "is_locked_since_plan", lambda *_: False),
    "edits since the plan are overwritten": plant(host.Host, "_is_pending", lambda *_: True),
    "a lease can be taken at any time": plant(steps.Lease, "is_free", lambda *_: True),
    "a lease is renewed that is another's": plant(steps.Holding, "require_valid", lambda _: None),
    "no fence stands before an announcement": plant(steps.Holding, "fence", lambda _: None),
}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("planted", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch)
    assert any(World(seed, COMPANIES).live_through(NIGHTS) for seed in WORLDS)
