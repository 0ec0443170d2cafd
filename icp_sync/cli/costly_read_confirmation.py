"""Options of commands that read many calls' worth of companies: which moment is judged, and the question before it."""

from __future__ import annotations

import sys
from typing import Final

import click

from icp_sync.cli.options import CommonOptions
from icp_sync.cli.stop_signals import StopRequest
from icp_sync.errors import PlanDeclined
from icp_sync.plan.forecast import QuotaLeft
from icp_sync.runs.daily_ceiling import quota_left_today
from icp_sync.runs.portal_session import PortalSession

judged_option: Final = click.option(
    "--judged", type=click.Choice(["now", "opened", "written"]), default="now", show_default=True,
    envvar="ICP_SYNC_JUDGED",
    help="By companies as they are, as each was when its deal opened, or by the tier icp_sync had written by then; the "
    "last two read HubSpot's history, 50 companies a call, and ask first.",
)  # fmt: skip
yes_option: Final = click.option(
    "--yes", is_flag=True, envvar="ICP_SYNC_YES", help="Do not ask; needed where there is no terminal."
)


def require_terminal_or_yes(*, yes: bool) -> None:
    """Raise click.UsageError where nobody can be asked."""
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; add --yes")


def confirm_reading(
    session: PortalSession, stop: StopRequest, common: CommonOptions, forecast: str, *, yes: bool
) -> None:
    """Say what a reading takes and ask, unless `yes` is given. Raises NotConfirmed.

    `forecast` has the place `{left}` for what is left of the day's calls.
    """
    with session.progress.pause(), stop.prompting():
        if not (yes and common.quiet):
            click.echo(forecast.format(left=_quota_left_phrase(quota_left_today(session.connection))), err=True)
        if not yes and not click.confirm("Read it?", err=True):
            raise PlanDeclined("not confirmed; nothing was read")


def _quota_left_phrase(day: QuotaLeft) -> str:
    return f" of the {day.left:,} left today" if day.left is not None else ""
