"""What there is to tell of a fleet's night: one topic over all its portals, remembered in the fleet's state."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson
from pydantic import TypeAdapter, ValidationError

from icp_sync.errors import GuardrailHeld, PartlyApplied
from icp_sync.files import make_private_folder
from icp_sync.fleet.outcome import PortalOutcome, highest_exit_code
from icp_sync.notify.messages import MessageFacts
from icp_sync.plan.notices_to_send import CALM, SentNotice, Topic, TopicName
from icp_sync.plan.plurals import count_noun
from icp_sync.runs.notices.collect import PendingNotices
from icp_sync.runs.notices.message_facts import RunNotices
from icp_sync.state.directory import StateDirectory, translate_os_errors

MEMORY_FILE: Final = "fleet-notices.json"
MAX_NAMED: Final = 10
_SENT: Final = TypeAdapter(dict[TopicName, SentNotice])


@dataclass(frozen=True, slots=True)
class FleetNoticeStore:
    """What was last sent about a fleet, in a file of the folder that holds its portals' state."""

    root: Path

    def last_notices(self) -> Mapping[TopicName, SentNotice]:
        """Topic → the last message that was delivered; none where the file is none of ours. Raises StateUnusable."""
        content = StateDirectory(self.root).read(MEMORY_FILE)
        try:
            return {} if content is None else _SENT.validate_json(content)
        except ValidationError:
            # One message too many is better than none: nobody would hear that a night failed.
            return {}

    def save(self, topic: TopicName, notice: SentNotice) -> None:
        """Remember a message that was delivered. Raises StateUnusable."""
        with translate_os_errors(self.root):
            make_private_folder(self.root)
        sent = {name: asdict(earlier) for name, earlier in self.last_notices().items()} | {topic: asdict(notice)}
        StateDirectory(self.root).replace(MEMORY_FILE, orjson.dumps(sent))


def fleet_notices(outcomes: Sequence[PortalOutcome], file: Path, root: Path) -> PendingNotices:
    """The notice of a fleet's run: which portals did not end well, and why. `root`: where its memory lies."""
    failing = [outcome for outcome in outcomes if outcome.exit_code]
    codes = {outcome.name: _outcome_reason(outcome) for outcome in failing}
    # Sorted: portals end in another order every night, and the same failures are no news.
    topic = Topic(
        "run",
        _topic_state(highest_exit_code(outcomes)),
        " ".join(f"{name}:{code}" for name, code in sorted(codes.items())),
    )
    named = ", ".join(f"{name} ({code})" for name, code in list(codes.items())[:MAX_NAMED])
    more = f" and {len(codes) - MAX_NAMED:,} more" if len(codes) > MAX_NAMED else ""
    facts = MessageFacts(
        profile=file.name,
        portal_id=None,
        run_id="",
        host=platform.node(),
        what={"run": f"{len(failing):,} of {count_noun(len(outcomes), 'portal', 'portals')} not well: {named}{more}."},
        next={"run": _next_command(failing, file)},
    )
    return PendingNotices(RunNotices((topic,), facts), [FleetNoticeStore(root)])


def _next_command(failing: Sequence[PortalOutcome], file: Path) -> str:
    """What to look at first: faults of those that have one, else the plans that are held."""
    faulty = [outcome for outcome in failing if outcome.exit_code != GuardrailHeld.exit_code]
    action = "doctor" if faulty else "plan" if failing else "status"
    names = "".join(f" --only {outcome.name}" for outcome in (faulty or failing)[:MAX_NAMED])
    return f"icp-sync fleet {action} --fleet {shlex.quote(str(file))}{names}"


def _topic_state(code: int) -> str:
    return {0: CALM["run"], GuardrailHeld.exit_code: "held", PartlyApplied.exit_code: "partial"}.get(code, "failed")


def _outcome_reason(outcome: PortalOutcome) -> str:
    """The error's code, of a held plan its guardrails: names only, so that a wavering count sends nothing."""
    code = str((outcome.error or {}).get("code", f"exit {outcome.exit_code}"))
    return ", ".join(outcome.guardrails) or code
