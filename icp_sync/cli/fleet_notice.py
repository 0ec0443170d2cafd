"""The one message about a fleet's night, to whom ICP_SYNC_NOTIFY of the fleet's own environment names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from icp_sync.cli.fleet_processes import state_root
from icp_sync.cli.options import Common
from icp_sync.cli.output import warn
from icp_sync.fleet.outcome import PortalOutcome
from icp_sync.runs.notices.fleet import fleet_notices
from icp_sync.runs.notices.send import send_due


def notify_people(urls: Sequence[str], outcomes: Sequence[PortalOutcome], file: Path, common: Common) -> bool | None:
    """Send the message to these addresses if it is due; whether it was delivered, None where none was due."""
    if not urls:
        return None
    delivery = send_due(urls, [fleet_notices(outcomes, file, state_root(common))], dt.datetime.now(dt.UTC))
    if delivery.warning:
        warn(delivery.warning)
    return delivery.notified
