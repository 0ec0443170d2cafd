"""`icp-sync backtest`: whether the tiers win, by the portal's deals."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Literal

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.options import Common, as_of_option, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_known_store, open_session
from icp_sync.errors import UsageError
from icp_sync.runs.deals import are_fresh, read_deals
from icp_sync.runs.offline import OfflineSource, open_offline
from icp_sync.runs.portal_session import RunOptions
from icp_sync.state.verdicts import KnownVerdict

if TYPE_CHECKING:
    from icp_sync.evidence.document import BacktestDocument
    from icp_sync.profile.model.outcomes import DealOutcomes
    from icp_sync.state.store import StateStore

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
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", envvar="ICP_SYNC_SINCE",
    help="Deals closed on this day or later.  [default: as the profile says, else three years]",
)  # fmt: skip
@click.option(
    "--by", metavar="PROPERTY", envvar="ICP_SYNC_BY",
    help="Compare within the values of this deal property too: owner, source, pipeline, or a property's name.",
)  # fmt: skip
@click.option("--fresh", is_flag=True, envvar="ICP_SYNC_FRESH", help="Read what changed even if deals were read today.")
@as_of_option
@common_options
def backtest_command(
    *,
    common: Common,
    unit: Literal["first", "deal"] | None,
    since: dt.datetime | None,
    by: str | None,
    fresh: bool,
    as_of: dt.datetime | None,
) -> int:
    """Hold won and lost deals against the tiers: whether tier 1 wins more, or too few deals can say.

    Companies are judged by the last reading and the profile as it is on disk. Deals are read where none are known of
    the last day, which needs the scope crm.objects.deals.read; nothing is written in HubSpot. Criteria that know how
    deals ended are named and left out. Needs the extra: pip install 'icp-sync[evidence]'.

    \b
    Example: icp-sync backtest --by owner
    """
    require_extra("evidence", "scipy")
    store, loaded = open_known_store(common)
    outcomes = loaded.profile.outcomes.deals
    if outcomes is None:
        raise UsageError(f"{loaded.file} says outcomes.deals: null; leave it out to have deals read")
    changes = {"unit": unit or outcomes.unit, "since": since.date() if since else outcomes.since}
    asked = outcomes.model_copy(update=changes)
    offline = open_offline(
        store, loaded, as_of=as_of.date() if as_of else None, command="backtest", names_profile=common.names_profile
    )
    document = _backtest(common, store, offline, asked, _PROPERTY_OF.get(by or "", by), fresh=fresh)
    verdict = document.verdict
    store.verdicts.save(KnownVerdict(document.as_of, verdict.code, verdict.sentence, document.digest))
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    else:
        from icp_sync.views.backtest import backtest_view

        print_view(backtest_view(document))
    return 0


def _backtest(
    common: Common, store: StateStore, offline: OfflineSource, outcomes: DealOutcomes, by: str | None, *, fresh: bool
) -> BacktestDocument:
    from icp_sync.runs.backtest import needed_properties, run_backtest

    profile = offline.source.profile_run.profile
    properties = needed_properties(profile, outcomes, by)
    deals = store.deals.load()
    if fresh or deals is None or not are_fresh(deals, properties, dt.datetime.now(dt.UTC)):
        with open_session(common, RunOptions("backtest"), several=False, verdicts=False) as (session, _):
            deals = read_deals(session, store, properties)
    return run_backtest(offline, deals, outcomes, by)
