"""What the portal's own history tells of our writes: over whose values they went, and whether the ledger knows them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from icp_sync.plan.change_explanation import Cause
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import LOADED, MERGE, OWN, RESTORE, app_source
from icp_sync.sandbox.store.property_history import PropertyVersion
from tests.drills.histories.edition import COMPUTED, FLAG, KEPT, STAMP, Edition
from tests.drills.histories.inputs import Key
from tests.drills.population import DAY
from tests.read_ledger import RecordedRun

NOBODYS: Final = (LOADED.type, MERGE.type, OWN.type)
WRITTEN: Final = (*KEPT, *COMPUTED, STAMP)
NO_CAUSE: Final[tuple[Cause, ...]] = ("left_scope", "undo")


def is_ours(portal: SandboxPortal, version: PropertyVersion) -> bool:
    """Whether we wrote it."""
    return version.source == app_source(portal.app_id(portal.token))


def versions(portal: SandboxPortal, names: Sequence[str]) -> dict[Key, list[PropertyVersion]]:
    """Every version of these properties of the live companies, the oldest first."""
    with portal.lock:
        ids, rows = portal.records.live_ids_and_rows()
        return {
            (company, name): portal.records.property_versions(row, name)[::-1]
            for company, row in zip(ids, rows, strict=True)
            for name in names
        }


@dataclass(slots=True)
class Overwriting:
    """Looks over whose tiers and flags each run writes.

    `open`: overrides that were open before the run. `excused`: values that were what the profile wanted when the disk
    was lost, so that nobody can tell any more that they were not ours.
    """

    portal: SandboxPortal
    open: frozenset[Key] = frozenset()
    counts: dict[Key, int] = field(default_factory=dict)
    excused: set[tuple[Key, int]] = field(default_factory=set)

    def begin(self, opened: Collection[Key]) -> None:
        """A run begins."""
        self.open = frozenset(opened)
        self.counts = {key: len(found) for key, found in versions(self.portal, KEPT).items()}

    def excuse(self, opened: Collection[Key]) -> None:
        """The first run after a lost disk found these to be overrides; whatever else stands counts as ours."""
        for key, edits in versions(self.portal, KEPT).items():
            if edits and key not in opened and not is_ours(self.portal, edits[-1]):
                self.excused.add((key, edits[-1].moment))

    def release(self, key: Key, until: int) -> None:
        """Somebody released what stands there since then (epoch milliseconds)."""
        edits = versions(self.portal, KEPT).get(key, ())
        self.excused |= {(key, version.moment) for version in edits if version.moment <= until}

    def wrong(self, edition: Edition, now: float) -> Iterator[str]:
        """Our writes since the run began that went over a value somebody chose, without leave."""
        for key, edits in versions(self.portal, KEPT).items():
            for place in range(self.counts.get(key, 0), len(edits)):
                if is_ours(self.portal, edits[place]) and not self._may(key, edits[:place], edition, now):
                    yield f"{key}: {edits[place].value!r} was written over {edits[place - 1]}"

    def _may(self, key: Key, before: Sequence[PropertyVersion], edition: Edition, now: float) -> bool:
        # HubSpot repeats every value of a company it restores.
        before = [version for version in before if version.source.type != RESTORE.type]
        if not before or is_ours(self.portal, before[-1]) or before[-1].source.type in NOBODYS[1:]:
            return True
        last = before[-1]
        own = [version.value for version in before if is_ours(self.portal, version)]
        by_person = last.source.type == "CRM_UI"
        return (
            # A flag that is not set claims nothing, whoever left it so.
            shown(key[1], last.value) == shown(key[1], own[-1] if own else "")
            or (last.value == "" and by_person and key in self.open)
            or (edition.people if by_person else edition.automation) == "put_back"
            or (edition.expire_days is not None and last.moment < 1000 * (now - edition.expire_days * DAY))
            or (key, last.moment) in self.excused
        )


def shown(name: str, text: str) -> str:
    """A text as it is compared: an empty flag is none."""
    return text or "false" if name == FLAG else text


def untold(
    portal: SandboxPortal,
    runs: Sequence[RecordedRun],
    since: int,
    aka: Mapping[int, int],
    edited: Collection[int] = (),
) -> Iterator[str]:
    """Where history and ledger differ: writes of ours since then that nobody announced, and `written` never written.

    `since`: epoch milliseconds. `aka`: the id of a company → its earlier one, where a merge gave it another. `edited`:
    companies that somebody else may have given the same value right before our write, which then leaves no entry.
    """
    changes = [change for run in runs for batch in run.batches for change in batch.changes]
    sent = {(change.id, name, _plain(value)) for change in changes for name, value in change.after.items()}
    ours = {
        (company, name, _plain(version.value)): version.moment
        for (company, name), edits in versions(portal, WRITTEN).items()
        for version in edits
        if is_ours(portal, version)
    }
    for (company, name, value), moment in ours.items():
        known = {(one, name, value) for one in _names(company, aka)}
        if moment >= since and not known & sent:
            yield f"{company}: {name} = {value!r} was written and not announced"
    there = {(one, name, value) for company, name, value in ours for one in _names(company, aka)}
    live = {one for company in portal.records.live_ids_and_rows()[0] for one in _names(company, aka)}
    for run in runs:
        confirmed = (set(run.by_result("written")) & live).difference(edited)
        for change in (change for batch in run.batches for change in batch.changes if change.id in confirmed):
            for name, value in change.after.items():
                if name in WRITTEN and change.before[name] != value and (change.id, name, _plain(value)) not in there:
                    yield f"{change.id}: {name} = {value!r} is told as written and was not"


def _plain(value: str) -> str:
    """HubSpot shows 60.0 as 60."""
    return value.removesuffix(".0")


def _names(company: int, aka: Mapping[int, int]) -> Iterator[int]:
    yield company
    while company in aka:
        company = aka[company]
        yield company
