"""`icp-sync doctor`: what works and what to fix."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict

import click

from icp_sync.cli.options import DEFAULT_PROFILE, CommonOptions, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.stop_signals import graceful_stop
from icp_sync.cli.wiring import open_connection, open_session
from icp_sync.errors import ChecksFailed
from icp_sync.runs.doctor import DoctorCheck, Examination, run_all_checks, run_checks, run_portal_checks
from icp_sync.runs.doctor_alert_settings import check_metrics, check_notify
from icp_sync.runs.portal_session import RunOptions
from icp_sync.settings import AlertSettings, read_alert_settings, read_settings
from icp_sync.views.doctor import checks_document, checks_view


@click.command("doctor")
@common_options
def doctor_command(*, common: CommonOptions) -> int:
    """Say what came of the last run and what stands, check the rest, and say what to fix.

    The rest: token, scopes, limits, properties, lists, state and alerts.

    \b
    Example: icp-sync doctor
    """
    alerts = read_alert_settings()
    checks = [asdict(check) for check in (*_run_checks(common), *run_checks(_alert_checks(alerts)))]
    faults = [check["name"] for check in checks if not check["ok"]]
    error = ChecksFailed(f"doctor found a fault in: {', '.join(faults)}", details=faults) if faults else None
    if common.as_json:
        print_document(checks_document(checks, error))
    elif error is not None or not common.quiet:
        print_view(checks_view(checks))
    return 0 if error is None else error.exit_code


def _run_checks(common: CommonOptions) -> tuple[DoctorCheck, ...]:
    """The checks of profile and portal; of the portal alone if no profile is named and the default one is missing."""
    settings = read_settings()
    if common.profiles or DEFAULT_PROFILE.exists():
        with open_session(common, RunOptions("doctor"), several=False, verdicts=False) as (session, _):
            return run_all_checks(session, settings.hubspot_api_version)
    with graceful_stop(as_json=common.as_json) as stop, open_connection(settings, stop) as connection:
        today = dt.datetime.now(dt.UTC).date()
        return run_portal_checks(connection, settings.hubspot_api_version, settings.icp_sync_portal_id, today)


def _alert_checks(alerts: AlertSettings) -> Iterator[Examination]:
    """Those of messages and metrics, where they are set."""
    metrics = alerts.icp_sync_metrics
    if alerts.notify_urls:
        yield "notify", lambda: check_notify(alerts.notify_urls)
    if metrics is not None:
        yield "metrics", lambda: check_metrics(metrics)
