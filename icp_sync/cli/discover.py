"""`icp-sync discover`: what won companies have in common, and a draft of a profile from it."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.known_deals import deal_outcomes, fresh_option, known_deals, since_option
from icp_sync.cli.options import Common, as_of_option, common_options
from icp_sync.cli.output import print_document, print_note, print_view
from icp_sync.cli.wiring import open_known_store
from icp_sync.errors import UsageError
from icp_sync.files import write_new
from icp_sync.runs.offline import OfflineSource, open_offline

if TYPE_CHECKING:
    from icp_sync.evidence.discover_document import DiscoverDocument
    from icp_sync.profile.model.outcomes import DealOutcomes
    from icp_sync.state.store import StateStore


@click.command("discover")
@click.option(
    "--customers", type=click.Path(path_type=Path, dir_okay=False), envvar="ICP_SYNC_CUSTOMERS",
    help="Compare the companies of this CSV, TSV or Parquet file (record ids or domains) with all others instead.",
)  # fmt: skip
@since_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), envvar="ICP_SYNC_OUT",
    help="Write the draft of a profile to this new file.",
)  # fmt: skip
@fresh_option
@as_of_option
@common_options
def discover_command(
    *,
    common: Common,
    customers: Path | None,
    since: dt.datetime | None,
    out: Path | None,
    fresh: bool,
    as_of: dt.datetime | None,
) -> int:
    """Find what companies that bought have in common, and draft a profile from it; nothing uses the draft by itself.

    Looks at every option, technology, industry, place and band of what the profile reads, by each company's first
    decided deal. What stands out by more than chance is named, and becomes a draft with its evidence in it. Deals are
    read where none are known of the last day, which needs the scope crm.objects.deals.read; nothing is written in
    HubSpot. Needs the extra: pip install 'icp-sync[evidence]'.

    \b
    Example: icp-sync discover --out draft.yaml, then icp-sync check --profile draft.yaml
    Example: icp-sync discover --customers ten-we-love.csv
    """
    require_extra("evidence", "scipy", "sklearn")
    if out is not None and os.path.lexists(out):
        raise UsageError(f"{out} is already there; name another path")
    store, loaded = open_known_store(common)
    offline = open_offline(
        store, loaded, as_of=as_of.date() if as_of else None, command="discover", names_profile=common.names_profile
    )
    if customers is None:
        document = _by_deals(common, store, offline, deal_outcomes(loaded, since), fresh=fresh)
    else:
        document = _by_list(offline, customers)
    _report(_save(document, out, common), common)
    return 0


def _by_deals(
    common: Common, store: StateStore, offline: OfflineSource, outcomes: DealOutcomes, *, fresh: bool
) -> DiscoverDocument:
    from icp_sync.evidence.deals import deal_properties
    from icp_sync.runs.discover import discover_by_deals

    deals = known_deals(common, store, deal_properties(outcomes), "discover", fresh=fresh)
    return discover_by_deals(offline, deals, outcomes)


def _by_list(offline: OfflineSource, customers: Path) -> DiscoverDocument:
    from icp_sync.runs.company_file_matching import listed_companies
    from icp_sync.runs.discover import discover_by_list

    return discover_by_list(offline, listed_companies(customers, offline.snapshot.companies))


def _save(document: DiscoverDocument, out: Path | None, common: Common) -> DiscoverDocument:
    """The document with the draft's file, written where one was asked for and there is something to write."""
    if out is None or document.draft is None:
        return document
    write_new(out, document.draft.text.encode())
    if not common.quiet:
        print_note(f"wrote {out}; nothing uses it yet: icp-sync check --profile {out}")
    return document.model_copy(update={"draft": document.draft.model_copy(update={"file": str(out)})})


def _report(document: DiscoverDocument, common: Common) -> None:
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    else:
        from icp_sync.views.discover import discover_view

        print_view(discover_view(document))
