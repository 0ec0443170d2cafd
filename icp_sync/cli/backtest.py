"""`icp-sync backtest`: whether the tiers win, by the portal's deals."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from icp_sync.cli.costly_read_confirmation import confirm_reading, judged_option, require_terminal_or_yes, yes_option
from icp_sync.cli.deal_loading import (
    counts_kpis_alone,
    fresh_option,
    load_or_read_deals,
    no_deals,
    require_deal_outcome_settings,
    since_option,
)
from icp_sync.cli.extras import require_extra
from icp_sync.cli.options import CommonOptions, as_of_option, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.report_page import report_option
from icp_sync.cli.stop_signals import StopRequest
from icp_sync.cli.user_names_option import fetch_emails_or_warn, user_names_option
from icp_sync.cli.wiring import open_session, open_store_offline
from icp_sync.companies.history_frame import HISTORY
from icp_sync.portal.owners import owner_emails
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.snapshot_scoring import OfflineSource, open_offline, score_snapshot
from icp_sync.state.backtest_verdicts import BacktestVerdict
from icp_sync.state.deals import KnownDeals
from icp_sync.state.store import StateStore

if TYPE_CHECKING:
    from icp_sync.evidence.backtest_document import BacktestDocument
    from icp_sync.runs.past_companies import PastHistory, PastMoment

_PROPERTY_OF: Final = {
    "owner": "hubspot_owner_id",
    "source": "hs_analytics_source",
    "pipeline": "pipeline",
}


@click.command("backtest")
@click.option(
    "--unit", type=click.Choice(["first", "deal"]), envvar="ICP_SYNC_UNIT",
    help="Each company's first decided deal, or every deal.  [default: as the profile says, else first]",
)  # fmt: skip
@since_option
@click.option(
    "--by", metavar="PROPERTY", envvar="ICP_SYNC_BY",
    help="Compare within the values of this deal property too: owner, source, pipeline, or a property's name; "
    "within quarter, in which deals were closed; or by the arms of the profile's experiment.",
)  # fmt: skip
@judged_option
@yes_option
@user_names_option("owners")
@fresh_option
@report_option
@as_of_option
@common_options
def backtest_command(
    *, common: CommonOptions, yes: bool, page: Path | None, as_of: dt.datetime | None, **given: Any
) -> int:
    """Hold won and lost deals against the tiers: whether tier 1 wins more, or too few deals can say.

    Companies are judged by the profile as it is on disk and the last reading, or as they were (--judged). Deals are
    read where none are known of the last day, which needs the scope crm.objects.deals.read; nothing is written in
    HubSpot. Criteria that know how deals ended are named and left out. Needs the extra: pip install
    'icp-sync[evidence]'.

    \b
    Example: icp-sync backtest --by owner
    Example: icp-sync backtest --judged opened --report backtest.html
    """
    require_extra("evidence", "scipy")
    if given["judged"] != "now":
        require_terminal_or_yes(yes=yes)
    store, loaded = open_store_offline(common)
    kpis_alone = counts_kpis_alone(loaded.profile)
    outcomes = DealOutcomes() if kpis_alone else require_deal_outcome_settings(loaded, given["since"])
    outcomes = outcomes.model_copy(update={"unit": given["unit"] or outcomes.unit})
    offline = open_offline(
        store, loaded, as_of=as_of.date() if as_of else None, command="backtest", names_profile=common.names_profile
    )
    by = _PROPERTY_OF.get(given["by"] or "", given["by"])
    experiment = loaded.profile.write.experiment
    by_arm = experiment is not None and by == experiment.property_name
    case = _BacktestRequest(common, store, offline, outcomes, None if by_arm else by, by_arm)
    deals = _known_deals(case, fresh=given["fresh"])
    past = None if given["judged"] == "now" else _read_past(case, deals, given["judged"], yes=yes)
    document = _build_document(case, deals, past)
    if not (given["since"] or given["unit"] or as_of):
        # Asked another way than the profile does, deals say nothing of whether its last verdict was acted on.
        verdict = document.verdict
        store.backtest_verdict.save(BacktestVerdict(document.as_of, verdict.code, verdict.sentence, document.digest))
    shown = _with_fetched_owner_names(common, document) if given["names"] else document
    if page is not None:
        _write_page(page, shown)
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    else:
        from icp_sync.views.backtest import backtest_view

        print_view(backtest_view(shown))
    return 0


@dataclass(frozen=True, slots=True)
class _BacktestRequest:
    """What is asked of which state. `by_arm`: compare the arms of the profile's experiment too."""

    common: CommonOptions
    store: StateStore
    offline: OfflineSource
    outcomes: DealOutcomes
    by: str | None
    by_arm: bool

    def open_session(self) -> AbstractContextManager[tuple[PortalSession, StopRequest]]:
        return open_session(self.common, RunOptions("backtest"), several=False, verdicts=False)


def _known_deals(case: _BacktestRequest, *, fresh: bool) -> KnownDeals:
    from icp_sync.evidence.deal_history import backtest_deal_properties

    profile = case.offline.source.profile_run.profile
    properties = backtest_deal_properties(profile, case.outcomes, case.by)
    if counts_kpis_alone(profile):
        return no_deals(properties, case.offline.read_at)
    return load_or_read_deals(case.common, case.store, properties, "backtest", fresh=fresh)


def _read_past(case: _BacktestRequest, deals: KnownDeals, moment: PastMoment, *, yes: bool) -> PastHistory:
    """Say what reading the past takes, ask, and read it. Raises NotConfirmed."""
    from icp_sync.runs.past_companies import PastHistory, history_request, read_past_history

    request = history_request(case.offline, deals, case.outcomes, moment)
    if not request.companies:
        return PastHistory(request, HISTORY.to_frame())
    with case.open_session() as (session, stop):
        session.connect()
        confirm_reading(session, stop, case.common, request.cost_sentence_template, yes=yes)
        return read_past_history(session, case.store, request)


def _with_fetched_owner_names(common: CommonOptions, document: BacktestDocument) -> BacktestDocument:
    from icp_sync.views.owner_names import strata_owner_ids, with_strata_names

    return with_strata_names(document, fetch_emails_or_warn(common, "owners", strata_owner_ids(document), owner_emails))


def _write_page(page: Path, document: BacktestDocument) -> None:
    from icp_sync.files import write_private_file
    from icp_sync.views.html.report_page import backtest_page

    write_private_file(page, [backtest_page(document).encode()])


def _build_document(case: _BacktestRequest, deals: KnownDeals, past: PastHistory | None) -> BacktestDocument:
    from icp_sync.runs.backtest import run_backtest
    from icp_sync.runs.experiment_result import experiment_result

    document = run_backtest(case.offline, score_snapshot(case.offline), deals, case.outcomes, case.by, past)
    if not case.by_arm:
        return document
    return document.model_copy(update={"experiment": experiment_result(case.offline, deals, case.outcomes)})
