"""What there is to tell of a fleet's night: one topic over all its portals, remembered in the fleet's state."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from icp_sync.errors import GuardrailHeld, IcpSyncError, PartlyApplied, StateUnusable, UsageError
from icp_sync.fleet.outcome import PortalOutcome
from icp_sync.notify.messages import MessageFacts
from icp_sync.plan.notices_to_send import CALM, Topic
from icp_sync.plan.plurals import count_noun
from icp_sync.runs.notices.collect import PendingNotices
from icp_sync.runs.notices.fleet_memory import FailedPortal, FleetMemory
from icp_sync.runs.notices.message_facts import RunNotices
from icp_sync.runs.notices.topics import run_outcome_topic

MAX_NAMED: Final = 10


def fleet_notices(
    outcomes: Sequence[PortalOutcome], names: Sequence[str], file: Path, memory: FleetMemory
) -> PendingNotices:
    """The notice of a fleet's run: which portals are not well, and why; remembers how those of this run ended.

    `names`: all portals of the file, since a run may work on some and is no news of the others.
    """
    failed = _failed_portals(outcomes, names, memory)
    # Sorted: portals end in another order every night, and the same failures are no news.
    topic = Topic(
        "run",
        _topic_state(max((portal.exit_code for portal in failed.values()), default=0)),
        " ".join(f"{name}:{portal.reason}" for name, portal in sorted(failed.items())),
    )
    named = ", ".join(f"{name} ({portal.reason})" for name, portal in list(failed.items())[:MAX_NAMED])
    more = f" and {len(failed) - MAX_NAMED:,} more" if len(failed) > MAX_NAMED else ""
    facts = MessageFacts(
        profile=file.name,
        portal_id=None,
        run_id="",
        host=platform.node(),
        what={"run": f"{len(failed):,} of {count_noun(len(names), 'portal', 'portals')} not well: {named}{more}."},
        next={"run": _next_command(failed, file)},
    )
    return PendingNotices(RunNotices((topic,), facts), [memory])


def fleet_failure_notices(error: IcpSyncError, file: Path, memories: Sequence[FleetMemory]) -> PendingNotices:
    """The notice of an error that ended a fleet before its portals: a file that is not good, no Ray.

    `memories`: the fleet's, none where it has no place.
    """
    command = "check" if error.exit_code == UsageError.exit_code else "fleet doctor"
    facts = MessageFacts(
        profile=file.name,
        portal_id=None,
        run_id="",
        host=platform.node(),
        what={"run": error.message},
        next={"run": f"icp-sync {command} --fleet {shlex.quote(str(file))}"},
    )
    return PendingNotices(RunNotices((run_outcome_topic(error),), facts), memories)


def _failed_portals(
    outcomes: Sequence[PortalOutcome], names: Sequence[str], memory: FleetMemory
) -> dict[str, FailedPortal]:
    """The portals of the file that did not end well when they last ran, in its order."""
    ended = {
        outcome.name: FailedPortal(outcome.exit_code, _outcome_reason(outcome)) if outcome.exit_code else None
        for outcome in outcomes
    }
    failed = {name: portal for name, portal in ended.items() if portal is not None}
    with suppress(StateUnusable):  # without a memory this run's portals are all that is known
        memory.remember_portals(ended)
        failed = memory.failed_portals()
    return {name: failed[name] for name in names if name in failed}


def _next_command(failed: Mapping[str, FailedPortal], file: Path) -> str:
    """What to look at first: faults of those that have one, else the plans that are held."""
    faulty = [name for name, portal in failed.items() if portal.exit_code != GuardrailHeld.exit_code]
    action = "doctor" if faulty else "plan" if failed else "status"
    only = "".join(f" --only {name}" for name in (faulty or list(failed))[:MAX_NAMED])
    return f"icp-sync fleet {action} --fleet {shlex.quote(str(file))}{only}"


def _topic_state(code: int) -> str:
    return {0: CALM["run"], GuardrailHeld.exit_code: "held", PartlyApplied.exit_code: "partial"}.get(code, "failed")


def _outcome_reason(outcome: PortalOutcome) -> str:
    """The error's code, of a held plan its guardrails: names only, so that a wavering count sends nothing."""
    code = str((outcome.error or {}).get("code", f"exit {outcome.exit_code}"))
    return ", ".join(outcome.guardrails) or code
