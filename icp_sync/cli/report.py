"""`icp-sync report`: a run as a page, or the last reading scored now; offline."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import OUTPUT_FILE, REFERENCE
from icp_sync.cli.options import CommonOptions, common_options
from icp_sync.cli.output import print_document, print_text, warn
from icp_sync.cli.report_page import NEEDED, write_report_page
from icp_sync.cli.user_names_option import fetch_emails_or_warn, user_names_option
from icp_sync.cli.wiring import open_store_offline
from icp_sync.files import make_private_folder
from icp_sync.portal.owners import owner_emails
from icp_sync.runs.report import find_report, offline_report
from icp_sync.runs.snapshot_scoring import open_offline

if TYPE_CHECKING:
    from icp_sync.evidence.backtest_document import BacktestDocument
    from icp_sync.plan.document.report_document import ReportDocument
    from icp_sync.profile.load import LoadedProfile
    from icp_sync.runs.scored_companies import ScoredCompanies
    from icp_sync.runs.snapshot_scoring import OfflineSource
    from icp_sync.state.store import StateStore

NOW = "now"


@click.command("report")
@click.argument("run", metavar="[RUN]", required=False, type=REFERENCE)
@click.option(
    "--out", type=OUTPUT_FILE, metavar="FILE.html", envvar="ICP_SYNC_OUT",
    help="Where to write the page.  [default: beside the run's document in the state directory]",
)  # fmt: skip
@click.option("--open", "in_browser", is_flag=True, envvar="ICP_SYNC_OPEN", help="Open the page in the browser.")
@user_names_option("owners")
@common_options
def report_command(*, common: CommonOptions, run: str | None, out: Path | None, in_browser: bool, names: bool) -> int:
    """Draw RUN (an id, the beginning of one, or last) as a page: what moved, why, what holds it, what to do next.

    Where deals were read (icp-sync backtest) the page shows whether the tiers win, as of now. Without RUN the last
    reading of the portal is scored now, with the profile as it is on disk. Nothing is asked of HubSpot, and no token is
    needed, but for --names. With --json the document alone is printed, and a page only written where --out or --open
    asks for it.

    \b
    Example: icp-sync report last --out report.html --open
    """
    draws = out is not None or in_browser or not common.as_json
    if draws:
        require_extra("report", *NEEDED)
    store, loaded = open_store_offline(common)
    judges = draws and _knows_deals(store, loaded)
    if run:
        document, backtest = find_report(store, run), _backtest(store, loaded) if judges else None
    else:
        state = common.state if common.named_states else None
        offline = open_offline(store, loaded, names_profile=common.names_profile, state=state)
        document, scored = offline_report(offline)
        backtest = _backtest_of_scored(offline, scored) if judges else None
    if draws:
        shown = _with_owner_names(common, document) if names else document
        page = write_report_page(out or _page_path(store, document), shown, store.reports, backtest)
        if in_browser:
            _open_in_browser(page)
        if not (common.as_json or common.quiet):
            print_text(f"Wrote {page}")
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    return 0


def _with_owner_names(common: CommonOptions, document: ReportDocument) -> ReportDocument:
    from icp_sync.views.owner_names import shown_owner_ids, with_owner_names

    return with_owner_names(document, fetch_emails_or_warn(common, "owners", shown_owner_ids(document), owner_emails))


def _knows_deals(store: StateStore, loaded: LoadedProfile) -> bool:
    """Whether there are deals to judge by. Most portals have none yet, and scipy takes a second to come in."""
    wanted = loaded.profile.outcomes.deals is not None and find_spec("scipy") is not None
    return wanted and store.deals.load() is not None


def _backtest(store: StateStore, loaded: LoadedProfile) -> BacktestDocument | None:
    from icp_sync.runs.snapshot_backtest import backtest_of_snapshot

    return backtest_of_snapshot(store, loaded)


def _backtest_of_scored(offline: OfflineSource, scored: ScoredCompanies) -> BacktestDocument | None:
    from icp_sync.runs.snapshot_backtest import backtest_of_scored

    return backtest_of_scored(offline, scored)


def _page_path(store: StateStore, document: ReportDocument) -> Path:
    """The page's place in the state directory, which only its owner reads."""
    page = store.reports.page_path(document.run_id or NOW)
    make_private_folder(page.parent)
    return page


def _open_in_browser(page: Path) -> None:
    if not webbrowser.open(page.resolve().as_uri()):
        warn(f"no browser was found to open the page with; it is in {page}")
