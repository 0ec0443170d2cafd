"""`icp-sync discover`: what won companies have in common, and a draft of a profile from it."""

from __future__ import annotations

import datetime as dt
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icp_sync.cli.costly_read_confirmation import confirm_reading, judged_option, require_terminal_or_yes, yes_option
from icp_sync.cli.deal_loading import fresh_option, load_or_read_deals, require_deal_outcome_settings, since_option
from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import FilePath, OutputFile
from icp_sync.cli.options import CommonOptions, as_of_option, common_options
from icp_sync.cli.output import print_document, print_note, print_view
from icp_sync.cli.wiring import open_session, open_store_offline
from icp_sync.errors import UsageError
from icp_sync.files import write_new_file
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.snapshot_scoring import OfflineSource, open_offline
from icp_sync.state.store import StateStore

if TYPE_CHECKING:
    from icp_sync.evidence.discover_document import DiscoverDocument
    from icp_sync.evidence.document_types import Moment
    from icp_sync.profile.model.deals_and_kpis import DealOutcomes
    from icp_sync.runs.discover_reading import ComparisonReading, ComparisonRequest


@click.command("discover")
@click.option(
    "--customers", type=FilePath(path_type=Path, dir_okay=False), envvar="ICP_SYNC_CUSTOMERS",
    help="Compare the companies of this CSV, TSV or Parquet file (record ids or domains) with all others instead.",
)  # fmt: skip
@click.option(
    "--all-properties", is_flag=True, envvar="ICP_SYNC_ALL_PROPERTIES",
    help="Compare by every property the portal has, not only by those the profile reads; they are read of the compared "
    "companies alone, 100 a call, and it asks first.",
)  # fmt: skip
@judged_option
@yes_option
@since_option
@click.option(
    "--out", type=OutputFile(), envvar="ICP_SYNC_OUT",
    help="Write the draft of a profile to this new file.",
)  # fmt: skip
@fresh_option
@as_of_option
@common_options
def discover_command(
    *,
    common: CommonOptions,
    customers: Path | None,
    out: Path | None,
    as_of: dt.datetime | None,
    yes: bool,
    **given: Any,
) -> int:
    """Find what companies that bought have in common, and draft a profile from it; nothing uses the draft by itself.

    Looks at every option, technology, industry, place and band of what the profile reads, by each company's first
    decided deal. What stands out by more than chance is named, and becomes a draft with its evidence in it. Deals are
    read where none are known of the last day, which needs the scope crm.objects.deals.read; nothing is written in
    HubSpot. Needs the extra: pip install 'icp-sync[evidence]'.

    \b
    Example: icp-sync discover --out draft.yaml, then icp-sync check --profile draft.yaml
    Example: icp-sync discover --all-properties --judged opened
    Example: icp-sync discover --customers ten-we-love.csv
    """
    require_extra("evidence", "scipy", "sklearn")
    moment, all_properties = given["judged"], given["all_properties"]
    _check_options(customers, out, moment)
    if all_properties or moment != "now":
        require_terminal_or_yes(yes=yes)
    store, loaded = open_store_offline(common)
    offline = open_offline(
        store, loaded, as_of=as_of.date() if as_of else None, command="discover", names_profile=common.names_profile
    )
    case = _DiscoverRequest(common, store, offline, yes=yes, all_properties=all_properties)
    if customers is None:
        document = _discover_by_deals(
            case, require_deal_outcome_settings(loaded, given["since"]), moment, fresh=given["fresh"]
        )
    else:
        document = _discover_by_list(case, customers)
    _print_result(_save_draft(document, out, common), common)
    return 0


@dataclass(frozen=True, slots=True)
class _DiscoverRequest:
    """What is asked of which state."""

    common: CommonOptions
    store: StateStore
    offline: OfflineSource
    yes: bool
    all_properties: bool

    def confirm_and_read(self, request: ComparisonRequest | None) -> ComparisonReading:
        """Say what a reading takes, ask, and read it; nothing is read for None. Raises NotConfirmed."""
        from icp_sync.runs.discover import NO_READING
        from icp_sync.runs.discover_reading import read_comparison

        if request is None:
            return NO_READING
        with open_session(self.common, RunOptions("discover"), several=False, verdicts=False) as (session, stop):
            session.connect()
            confirm_reading(session, stop, self.common, request.cost_sentence_template, yes=self.yes)
            return read_comparison(session, self.store, request, self.offline.source.profile)


def _check_options(customers: Path | None, out: Path | None, moment: Moment) -> None:
    """Raises UsageError for a draft that would overwrite a file, and for a list judged by deals."""
    if out is not None and os.path.lexists(out):
        raise UsageError(f"{out} is already there; name another path")
    if customers is not None and moment != "now":
        raise UsageError("--judged is about deals, and --customers compares a list; leave one of them out")


def _discover_by_deals(
    case: _DiscoverRequest, outcomes: DealOutcomes, moment: Moment, *, fresh: bool
) -> DiscoverDocument:
    from icp_sync.evidence.deal_history import backtest_deal_properties
    from icp_sync.runs.discover import discover_by_deals
    from icp_sync.runs.discover_reading import request_by_deals

    properties = backtest_deal_properties(case.offline.source.profile, outcomes)
    deals = load_or_read_deals(case.common, case.store, properties, "discover", fresh=fresh)
    request = request_by_deals(case.offline, deals, outcomes, moment, all_properties=case.all_properties)
    return discover_by_deals(case.offline, deals, outcomes, case.confirm_and_read(request))


def _discover_by_list(case: _DiscoverRequest, customers: Path) -> DiscoverDocument:
    from icp_sync.runs.company_file_matching import listed_company_ids
    from icp_sync.runs.discover import discover_by_list
    from icp_sync.runs.discover_reading import request_by_list

    listed = listed_company_ids(customers, case.offline.snapshot.companies)
    request = request_by_list(case.offline, listed) if case.all_properties else None
    return discover_by_list(case.offline, listed, case.confirm_and_read(request))


def _save_draft(document: DiscoverDocument, out: Path | None, common: CommonOptions) -> DiscoverDocument:
    """The document with the draft's file, written where one was asked for and there is something to write."""
    if out is None or document.draft is None:
        return document
    write_new_file(out, document.draft.text.encode())
    if not common.quiet:
        print_note(f"wrote {out}; nothing uses it yet: icp-sync check --profile {shlex.quote(str(out))}")
    return document.model_copy(update={"draft": document.draft.model_copy(update={"file": str(out)})})


def _print_result(document: DiscoverDocument, common: CommonOptions) -> None:
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    else:
        from icp_sync.views.discover import discover_view

        print_view(discover_view(document))
