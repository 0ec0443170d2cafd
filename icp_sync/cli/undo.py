"""`icp-sync undo RUN`: take back what a run wrote, where nothing has moved since."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from icp_sync.cli.option_types import COMPANY, OUTPUT_FILE, REFERENCE, RepeatableOption
from icp_sync.cli.options import CommonOptions, allow_option, because_option, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.run_result import finish_run, print_run_error_and_save_csv, result_json
from icp_sync.cli.stop_signals import StopRequest
from icp_sync.cli.wiring import open_session, open_store_by_profile_name
from icp_sync.files import write_private_file
from icp_sync.plan import plan_file
from icp_sync.runs.company_lookup import find_company_ids
from icp_sync.runs.daily_ceiling import forecast_apply, quota_left_today
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.undo import UndoPlan, preview_undo, undo
from icp_sync.runs.undo_source import UndoRequest
from icp_sync.views.plan_terminal import plan_view
from icp_sync.views.undo import undo_document, undo_view


@click.command("undo")
@click.argument("run", metavar="RUN", type=REFERENCE)
@click.option(
    "--company", "companies", cls=RepeatableOption, type=COMPANY, multiple=True, metavar="COMPANY",
    envvar="ICP_SYNC_COMPANY",
    help="Only this company (id, domain or name), whose tier and flag then stand until icp-sync release. Repeatable.",
)  # fmt: skip
@click.option("--list", "list_name", metavar="NAME", envvar="ICP_SYNC_LIST", help="Only the members of this list.")
@click.option(
    "--out",
    type=OUTPUT_FILE,
    envvar="ICP_SYNC_OUT",
    help="Write nothing to the portal; save the plan for apply.",
)
@click.option("--yes", is_flag=True, envvar="ICP_SYNC_YES", help="Do not ask; needed where there is no terminal.")
@allow_option
@because_option
@common_options
def undo_command(
    *,
    common: CommonOptions,
    run: str,
    companies: tuple[str, ...],
    list_name: str | None,
    out: Path | None,
    yes: bool,
    allow: frozenset[str],
    because: str | None,
) -> int:
    """Take back what RUN wrote (an id, the beginning of one, or last): show the plan, ask, write.

    What somebody or a later run has changed since is left alone and said. The next run does not write it again:
    it is held until the profile is edited, or the guardrail undone is allowed.

    \b
    Example: icp-sync undo last, or icp-sync undo 20261103T0200 --company 4711 --because "asked for by sales"
    """
    if out is None and not yes and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; add --yes, or --out FILE to save the plan")
    # A name is looked up in the last reading, before the portal is asked for anything.
    ids = find_company_ids(open_store_by_profile_name(common), companies) if companies else None
    request = UndoRequest(run, ids, list_name)
    options = RunOptions("undo", allow=allow, because=because)
    with open_session(common, options, several=False, verdicts=False) as (session, stop):
        if out is not None:
            return _save_undo_plan(session, request, common, out)
        result = undo(session, request, _undo_confirmation(session, common, stop, must_confirm=not yes))
    return finish_run([result.result], common, session.connection, stop, undo_document(result.drawn.summary))


def _save_undo_plan(session: PortalSession, request: UndoRequest, common: CommonOptions, out: Path) -> int:
    """Save the plan, and show it."""
    drawn = preview_undo(session, request)
    plan = drawn.result.report.plan
    write_private_file(out, plan_file.plan_file_lines(plan))
    if common.as_json:
        document = result_json([drawn.result], session.connection, quota_left_today(session.connection))
        print_document(document | undo_document(drawn.drawn.summary))
    elif not common.quiet:
        _print_undo(session, drawn.drawn)
    print_run_error_and_save_csv(drawn.result)
    return 0


def _undo_confirmation(
    session: PortalSession, common: CommonOptions, stop: StopRequest, *, must_confirm: bool
) -> Callable[[UndoPlan], bool]:
    """Show the plan and what is left alone, then ask; `--yes` skips the question, `--quiet` with it the plan."""

    def agree(drawn: UndoPlan) -> bool:
        with session.progress.pause():
            if not common.as_json and (must_confirm or not common.quiet):
                _print_undo(session, drawn)
            with stop.prompting():
                return not must_confirm or click.confirm("Write this?", err=True)

    return agree


def _print_undo(session: PortalSession, drawn: UndoPlan) -> None:
    forecast = forecast_apply(drawn.preview.plan, session.connection, quota_left_today(session.connection))
    print_view(undo_view(drawn.summary))
    print_view(plan_view(drawn.preview, forecast))
