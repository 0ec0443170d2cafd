"""`icp-sync demo`: a run and a second one that changes nothing, on a generated portal in the sandbox."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from icp_sync.cli.extras import import_sandbox, missing_packages
from icp_sync.cli.options import CommonOptions, common_options, hide_options
from icp_sync.cli.output import print_document, print_error, print_view
from icp_sync.cli.progress import open_progress
from icp_sync.cli.report_page import NEEDED, write_report_page
from icp_sync.cli.stop_signals import graceful_stop
from icp_sync.cli.wiring import call_stats
from icp_sync.plan.run_report import RunReport
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.proxy_and_certificates import ignore_proxy_variables
from icp_sync.profile import templates
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.runs.daily_ceiling import forecast_apply
from icp_sync.runs.interfaces import Progress
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.run import RunResult, run
from icp_sync.state.home import StateHome
from icp_sync.views.demo import demo_view
from icp_sync.views.report_json import report_document

TEMPLATE = "s0-icp"


@click.command("demo")
@click.option(
    "--companies", type=click.IntRange(1), default=2_000, show_default=True, envvar="ICP_SYNC_COMPANIES",
    help="Generate so many companies.",
)  # fmt: skip
@hide_options("profiles", "state")
@common_options
def demo_command(*, common: CommonOptions, companies: int) -> int:
    """Try all of it with no portal and no token: a generated portal, the shipped profile, two runs.

    \b
    Example: icp-sync demo
    """
    loaded = parse_profile(templates.template_text(TEMPLATE), f"{TEMPLATE}.yaml")
    with (
        _serve_demo_portal(companies) as connection,
        open_progress(lambda: call_stats(connection), quiet=common.quiet) as progress,
    ):
        with tempfile.TemporaryDirectory() as folder:
            (first,), (second,) = (run(_portal_session(loaded, connection, Path(folder), progress)) for _ in range(2))
            page = None if common.as_json else _write_report_page(first)
        document = {"first": _document(first, connection), "second": _document(second, connection)}
    if common.as_json:
        print_document(document)
    elif first.preview is not None:
        print_view(demo_view(first.preview, first.report, second.report, page))
    return _exit_code(first.report, second.report)


def _write_report_page(result: RunResult) -> Path | None:
    """The report of a run, in a folder of its own that stays; None where the packages it needs are not installed."""
    if result.left is None or result.left.document is None or missing_packages(NEEDED):
        return None
    folder = Path(tempfile.mkdtemp(prefix="icp-sync-demo-"))
    return write_report_page(folder / "report.html", result.left.document, result.left.reports)


@contextmanager
def _serve_demo_portal(companies: int) -> Iterator[Connection]:
    box = import_sandbox()
    portal = box.SandboxPortal()
    box.generate_companies(portal, companies)
    with (
        box.serve_in_thread(portal) as address,
        graceful_stop() as stop,
        ignore_proxy_variables(),
        Connection(address.token, address.url, stop=stop.event) as connection,
    ):
        yield connection


def _portal_session(loaded: LoadedProfile, connection: Connection, state: Path, progress: Progress) -> PortalSession:
    return PortalSession(connection, StateHome(state), (loaded,), RunOptions("run"), progress)


def _document(result: RunResult, connection: Connection) -> dict[str, Any]:
    return report_document(result.report, forecast_apply(result.report.plan, connection))


def _exit_code(first: RunReport, second: RunReport) -> int:
    """0 if the first run completed and the second had nothing to change, else 1."""
    for report in (first, second):
        if report.error is not None:
            print_error(report.error)
            return report.exit_code
    return 1 if second.plan.has_pending_writes else 0
