"""The group of all commands; turns every error into a message and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import click
import platformdirs

from icp_sync import __version__
from icp_sync.cli.crash_arguments import mask_arguments
from icp_sync.cli.crash_handler import TRACE, CrashHandler
from icp_sync.cli.lazy_group import LazyGroup
from icp_sync.cli.notifications import ALERTS
from icp_sync.cli.options import defaults_from_files
from icp_sync.cli.output import make_streams_tolerant, print_document, print_error
from icp_sync.cli.usage_hints import with_usage_hint
from icp_sync.errors import IcpSyncError, InternalError, OutputFailed, RunInterrupted, UsageError
from icp_sync.views.error_json import error_document

EXPECTED = (IcpSyncError, click.ClickException, click.exceptions.Exit, click.Abort)

COMMANDS: Final = {
    "init": "Write a profile to start from.",
    "check": "Lint the profile and run its tests.",
    "schema": "The profile language as JSON Schema, for editors.",
    "doc": "The profile as a one-page document.",
    "doctor": "What works with this portal and what to fix.",
    "plan": "Show, and save, what a run would change.",
    "apply": "Write exactly a saved plan.",
    "run": "Plan and apply in one; run it nightly.",
    "history": "The runs, or what they did to one company.",
    "show": "One run: numbers, causes, guardrails, what it wrote and left.",
    "report": "A run as a page: what moved, why, and what to do next.",
    "tune": "What if: move weights and thresholds on a page, see the tiers move.",
    "overrides": "What stands against the profile, and since when.",
    "release": "End overrides, held inputs and pins.",
    "undo": "Take back what a run wrote.",
    "backfill": "Score everything anew by hand: forecast, ask, write.",
    "retry-failed": "Try the companies HubSpot refused once more.",
    "explain": "Why one company comes out as it does.",
    "backtest": "Do the tiers win? Won and lost deals against them.",
    "customers": "The best customers, ranked, and a sheet to interview them.",
    "discover": "What won companies have in common, and a draft profile of it.",
    "compare": "A challenger beside the profile: who moves, and whose tier 1 wins.",
    "sample": "Do people see what the profile sees? Blind sheets, and what came back.",
    "shopping-list": "Which missing values pay, and for which companies.",
    "enrich": "Bring in a vendor's file: its values count where HubSpot has none.",
    "score": "Score a file of companies, no portal needed.",
    "vocabulary": "The names a profile may use, and what each covers.",
    "fleet": "Plan, run and check many portals from one file.",
    "demo": "All of it on a generated portal, no token needed.",
    "sandbox": "Serve a HubSpot portal in a box.",
}
"""Command → its line in `--help`; the command is in the file of the same name."""


@click.group(
    cls=LazyGroup,
    lines=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="icp-sync")
@click.pass_context
def cli(context: click.Context) -> None:
    """Keep your Ideal Customer Profile true inside HubSpot.

    The profile is a reviewed file; every change to the CRM is planned, explained, guarded and applied once.

    \b
    First steps, with no portal at all:   icp-sync demo
    With your portal:                     icp-sync init, check, doctor, plan, run
    Is it the right profile?              icp-sync backtest, discover, compare, sample, tune

    \b
    Exit codes: 0 done · 1 failed before the first write · 2 usage or bad profile · 3 changes pending
    (plan --exit-code) · 4 a guardrail held · 5 stopped or refused in part · 130 Ctrl-C

    \b
    Settings, from the environment, secrets files or .env: HUBSPOT_ACCESS_TOKEN, ICP_SYNC_PORTAL_ID (refuse any
    other), ICP_SYNC_DAILY_CALLS (the most calls a day), ICP_SYNC_NOTIFY, ICP_SYNC_PING and ICP_SYNC_METRICS (who is
    told how a run ended), HUBSPOT_API_VERSION; --profile and --state as ICP_SYNC_PROFILE and ICP_SYNC_STATE. Every
    other option as ICP_SYNC_<OPTION>, from the environment only
    """
    context.default_map = dict.fromkeys(COMMANDS, defaults_from_files())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; raises nothing."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    make_streams_tolerant()
    TRACE.state, TRACE.has_written = _state_directory(arguments), lambda: False
    ALERTS.reset()
    try:
        code, error = _run_command(arguments)
        if error is not None:
            notified = {"notified": ALERTS.send_after_error(error)} if ALERTS.command else {}
            if wants_json(arguments):
                print_document(error_document(error) | notified)
    except OutputFailed as failure:
        print_error(failure)
        code = failure.exit_code
    ALERTS.write_metrics_and_ping(code)
    return code


def _run_command(arguments: Sequence[str]) -> tuple[int, IcpSyncError | None]:
    """Runs one command; returns its exit code and its error, which is already printed to stderr."""
    try:
        with CrashHandler(mask_arguments(cli, arguments), EXPECTED) as boundary:
            return _exit_code(cli.main(list(arguments), prog_name="icp-sync", standalone_mode=False)), None
        error = boundary.error or InternalError("a command ended without a result")
        if isinstance(error, OutputFailed):
            raise error
        print_error(error)
    except click.exceptions.Exit as exit_request:
        return exit_request.exit_code, None
    except click.ClickException as refusal:
        refused = with_usage_hint(refusal)
        refused.show()
        error = UsageError(refused.format_message())
    except (KeyboardInterrupt, click.Abort):
        error = RunInterrupted("interrupted; nothing more was sent to HubSpot")
        print_error(error)
    except OutputFailed:
        raise
    except IcpSyncError as failure:
        error = failure
        print_error(error)
    return error.exit_code, error


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` is on the command line; read from the raw arguments, since parsing them may have failed."""
    try:
        by_setting = bool(click.BOOL.convert(os.environ.get("ICP_SYNC_JSON") or "false", None, None))
    except click.BadParameter:
        by_setting = False
    return "--json" in arguments or by_setting


def _state_directory(arguments: Sequence[str]) -> Path | None:
    """The state directory from the options, else the default one, to save a crash file before a state is opened.

    None without a home directory.
    """
    named = [path for option, path in pairwise(arguments) if option == "--state"]
    named += [argument.removeprefix("--state=") for argument in arguments if argument.startswith("--state=")]
    named += [os.environ.get("ICP_SYNC_STATE", "")]
    try:
        return Path(named[0]).expanduser() if named[0] else platformdirs.user_state_path("icp_sync")
    except RuntimeError:
        return None


def _exit_code(result: object) -> int:
    return result if isinstance(result, int) else 0
