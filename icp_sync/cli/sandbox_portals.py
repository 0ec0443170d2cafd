"""The portals that `icp-sync sandbox` serves, by its options."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from icp_sync.cli.extras import import_sandbox
from icp_sync.cli.options import parse_column_map
from icp_sync.errors import UsageError

if TYPE_CHECKING:
    from icp_sync.sandbox import LoadReport, SandboxPortal

_AS_GIVEN: Final = (
    "index_lag",
    "searches",
    "search_disorder",
    "search_total_capped",
    "listing",
    "unchanged_bumps",
)
"""Options that are settings of the portal under the same name."""
_FAULT: Final = re.compile(r"(?:(\d+):)?([^=]*)=?(.*)")


def make_portals(count: int, traits: dict[str, Any]) -> list[tuple[SandboxPortal, LoadReport | None]]:
    """So many portals, each with an id, a token and companies of its own, and what came of a file loaded."""
    first_id = traits["first_portal_id"] or _new_portal_id()
    if count == 1:
        return [_make_portal(traits, first_id)]
    made = [_make_portal(traits | {"seed": traits["seed"] + number}, first_id + number) for number in range(count)]
    for number, (portal, _) in enumerate(made, 1):
        token = f"pat-eu1-sandbox-0000-4000-8000-portal{number}"
        portal.token, portal.tokens = token, {token: import_sandbox().EVERY_SCOPE}
    return made


def switch_on_fault(portals: list[SandboxPortal], fault: str, seed: int) -> None:
    """Switch on a fault such as `mixed=0.2`, or `3:mixed=0.2` of the third portal alone. Raises UsageError."""
    number, kind, rate = _FAULT.fullmatch(fault).groups()  # type: ignore[union-attr]  # it fits any text
    if number and not 1 <= int(number) <= len(portals):
        raise UsageError(f"--fault {fault}: there is no portal {number}; the portals are 1 to {len(portals)}")
    try:
        for portal in portals[int(number) - 1 : int(number)] if number else portals:
            portal.faults.add(kind, rate=float(rate or 1), seed=seed)
    except ValueError as error:
        raise UsageError(f"--fault {fault}: {error}") from error


def _new_portal_id() -> int:
    """A new portal id at each start, so that the state of an earlier portal is not taken for this one's.

    Nothing of a portal outlives its process. Companies and deals made up or loaded bear timestamps of long ago: to a
    run that has the snapshot of another portal of this id nothing in them would look changed.
    """
    return 900_000_000 + secrets.randbelow(90_000_000)


def _make_portal(traits: dict[str, Any], portal_id: int) -> tuple[SandboxPortal, LoadReport | None]:
    box, source, columns = import_sandbox(), traits["source"], parse_column_map(traits["mapping"])
    if columns and source is None:
        raise UsageError("--map says where the columns of a file go; name the file with --from")
    portal = box.SandboxPortal(
        portal_id=portal_id,
        daily=traits["daily"],
        latency=traits["latency_ms"] / 1000,
        **({} if traits["burst"] is None else {"burst": traits["burst"]}),
        **{name: traits[name] for name in _AS_GIVEN},
    )
    loaded = None
    if source is None:
        box.generate_companies(portal, traits["companies"], traits["seed"])
    else:
        try:
            loaded = box.load_company_file(portal, source, columns)
        except (OSError, ValueError) as error:
            raise UsageError(f"{source} cannot be loaded: {error}") from error
    box.generate_deals(portal, traits["deals"], traits["signal"], traits["seed"])
    box.generate_contacts(portal, traits["contacts"], traits["seed"])
    return portal, loaded
