"""Doctor's checks of who is told how runs end: addresses for messages, and the file for Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from icp_sync.errors import UsageError
from icp_sync.files import write_public_file
from icp_sync.notify.channels import unknown_url_positions
from icp_sync.notify.metrics import metrics_text
from icp_sync.runs.notices.send import name_addresses


def check_notify(urls: Sequence[str]) -> str:
    """One line on the addresses; sends nothing. Raises UsageError for an unknown one, and ExtraMissing."""
    unknown = unknown_url_positions(urls)
    if unknown:
        raise UsageError(
            f"{name_addresses(unknown)} of ICP_SYNC_NOTIFY {'is' if len(unknown) == 1 else 'are'} of no service "
            "apprise knows; write each as apprise's list of services shows, addresses parted by spaces"
        )
    return f"{len(urls)} of {len(urls)} addresses are of services apprise knows; nothing was sent to them"


def check_metrics(path: Path) -> str:
    """One line on the file. Raises StateUnusable where it cannot be written, and ExtraMissing."""
    metrics_text([])
    # Beside it, as the file itself is replaced whole: a collector must not read an empty one.
    probe = path.with_name(f"{path.name}.probe")
    write_public_file(probe, [b""]).unlink()
    return f"{path} can be written"
