"""`icp-sync shopping-list`: which missing values pay, and the companies to buy them for."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import polars as pl

from icp_sync.cli.option_types import NUMBER_FROM_1, OUTPUT_FILE
from icp_sync.cli.options import CommonOptions, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_store_offline
from icp_sync.files import write_private_file
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.snapshot_scoring import OfflineSource, open_offline, score_snapshot
from icp_sync.scoring.data_purchase_groups import PropertyGroup, property_groups
from icp_sync.scoring.purchase_simulation import GROUP
from icp_sync.scoring.shopping_list import lifted_companies, raised_companies, shopping_list
from icp_sync.scoring.unreadable_property_groups import unreadable_values
from icp_sync.views.companies_to_enrich_csv import shopping_table
from icp_sync.views.shopping_list import RaisedByGroup, SavedTable, ShoppingBasis, shopping_view
from icp_sync.views.unreadable_values import (
    Records,
    SavedRows,
    unreadable_csv,
    unreadable_document,
    unreadable_table,
    unreadable_view,
)
from icp_sync.vocabulary.name_suggestions import nearest_names


@click.command("shopping-list")
@click.option(
    "--property", "wanted", metavar="NAME", envvar="ICP_SYNC_PROPERTY",
    help="Only this property, and those bought together with it.",
)  # fmt: skip
@click.option(
    "--tier", type=click.Choice(TIERS), envvar="ICP_SYNC_TIER", help="Only companies that would come into this tier."
)
@click.option(
    "--csv", "table", type=OUTPUT_FILE, envvar="ICP_SYNC_CSV",
    help="Write the companies a purchase would lift into a tier, best potential first; those without a domain last.",
)  # fmt: skip
@click.option(
    "--tiered", is_flag=True, envvar="ICP_SYNC_TIERED",
    help="With --csv: the companies in a tier that a purchase would lift into a higher one instead.",
)  # fmt: skip
@click.option("--limit", type=NUMBER_FROM_1, metavar="N", envvar="ICP_SYNC_LIMIT", help="With --csv: the first N rows.")
@click.option(
    "--unreadable", is_flag=True, envvar="ICP_SYNC_UNREADABLE",
    help="List the values that stand there and nobody can read instead: to correct them is free.",
)  # fmt: skip
@common_options
def shopping_list_command(
    *,
    common: CommonOptions,
    wanted: str | None,
    tier: str | None,
    table: Path | None,
    tiered: bool,
    limit: int | None,
    unreadable: bool,
) -> int:
    """Say which missing values would put undecided companies into a tier, and in which order to buy them.

    Scores the companies as last read from HubSpot with the profile as it is on disk. Makes no call; no token is needed.

    \b
    Example: icp-sync shopping-list, then icp-sync shopping-list --property web_technologies --csv to-buy.csv
    Example: icp-sync shopping-list --unreadable --csv to-correct.csv
    """
    if limit is not None and table is None:
        raise click.UsageError("--limit cuts the table of --csv; name a file with --csv too")
    if tiered and (table is None or unreadable):
        raise click.UsageError("--tiered says whom the table of --csv lists, and does not go with --unreadable")
    store, loaded = open_store_offline(common)
    wish = _Wish(_property_groups(loaded.profile, wanted), _tiers(loaded.profile, tier), tier, table, limit, tiered)
    offline = open_offline(store, loaded, command="shopping-list")
    scored = score_snapshot(offline)
    if unreadable:
        _show_unreadable(common, offline, scored, wish)
    else:
        _show_shopping_list(common, offline, scored, wish)
    return 0


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is listed, of which groups and tiers, and where a table of it goes; `tier`: the only one asked for.

    `tiered`: whether the table lists companies in a lower tier instead of undecided ones.
    """

    groups: tuple[PropertyGroup, ...]
    tiers: tuple[str, ...]
    tier: str | None
    table: Path | None
    limit: int | None
    tiered: bool

    def cut(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The first rows, as many as are asked for."""
        return rows if self.limit is None else rows.head(self.limit)

    def find_lifted_companies(self, scored: ScoredCompanies) -> pl.DataFrame:
        """The companies that a purchase, or a correction, lifts."""
        return lifted_companies(scored.scores.evaluated, scored.source.program, self.groups, self.tiers)

    def find_raised_companies(self, scored: ScoredCompanies) -> pl.DataFrame:
        """The companies in a tier that a purchase lifts into a higher one."""
        return raised_companies(scored.scores.evaluated, scored.source.program, self.groups, self.tiers)


def _show_shopping_list(common: CommonOptions, offline: OfflineSource, scored: ScoredCompanies, wish: _Wish) -> None:
    program = scored.source.program
    shopping = shopping_list(scored.scores.evaluated, program, wish.groups, wish.tiers)
    raised = wish.find_raised_companies(scored)
    raises = _count_raised(raised, wish.groups)
    listed = raised if wish.tiered else wish.find_lifted_companies(scored)
    saved = _save_table(scored, wish, listed, wish.table) if wish.table is not None else None
    if common.as_json:
        document = dataclasses.asdict(shopping) | {"raises": [dataclasses.asdict(group) for group in raises]}
        print_document(document | ({"csv": dataclasses.asdict(saved)} if saved else {}))
    else:
        reading = ShoppingBasis(scored.scores.frame.height, offline.read_at, offline.edited, wish.tiers)
        print_view(shopping_view(shopping, program.profile, reading, raises, saved))


def _show_unreadable(common: CommonOptions, offline: OfflineSource, scored: ScoredCompanies, wish: _Wish) -> None:
    values = unreadable_values(scored.scores.evaluated, scored.source.program, wish.groups)
    account = offline.source.profile_run.session.account
    records = Records(account.ui_domain, account.portal_id)
    table = unreadable_table(values, wish.find_lifted_companies(scored), scored.scores.frame, scored.companies, records)
    table = table.filter(tier=wish.tier) if wish.tier else table
    if wish.table is not None:
        write_private_file(wish.table, [unreadable_csv(wish.cut(table)).encode()])
    if common.as_json:
        written = {"csv": {"file": str(wish.table), "rows": wish.cut(table).height}} if wish.table else {}
        print_document(unreadable_document(table) | written)
    else:
        saved = SavedRows(str(wish.table), wish.cut(table).height) if wish.table else None
        print_view(unreadable_view(table, records, scored.source.profile.location, saved))


def _property_groups(profile: Profile, wanted: str | None) -> tuple[PropertyGroup, ...]:
    """What may be bought: all groups, or the one that has a property. Raises UsageError for one that is in none."""
    groups = property_groups(profile)
    names = [name for group in groups for name in group.properties]
    if wanted is None or wanted in names:
        return tuple(group for group in groups if wanted is None or wanted in group.properties)
    near = nearest_names(wanted, names)
    hint = f"did you mean {' or '.join(near)}?" if near else f"it can be one of {', '.join(names)}"
    raise click.UsageError(f"--property {wanted}: no criterion that can be unknown reads it; {hint}")


def _tiers(profile: Profile, tier: str | None) -> tuple[str, ...]:
    """The tiers to come into. Raises UsageError for one the profile does not have."""
    names = tuple(each.tier for each in profile.tiers)
    if tier is not None and tier not in names:
        raise click.UsageError(f"--tier {tier}: the profile has no such tier; it has {', '.join(names)}")
    return (tier,) if tier else names


def _count_raised(raised: pl.DataFrame, groups: Sequence[PropertyGroup]) -> tuple[RaisedByGroup, ...]:
    """How many companies each group would lift into which higher tier, the most first; groups with none left out."""
    counts: dict[int, dict[str, int]] = {}
    for place, tier, companies in raised.group_by(GROUP, "tier").len().sort(GROUP, "tier").iter_rows():
        counts.setdefault(place, {})[tier] = companies
    raises = (RaisedByGroup(groups[place].properties, tiers) for place, tiers in counts.items())
    return tuple(sorted(raises, key=lambda group: -sum(group.tiers.values())))


def _save_table(scored: ScoredCompanies, wish: _Wish, listed: pl.DataFrame, file: Path) -> SavedTable:
    companies, profile = scored.companies, scored.source.profile
    rows = wish.cut(shopping_table(listed, scored.scores.frame, companies, wish.groups, profile))
    write_private_file(file, [rows.write_csv().encode()])
    return SavedTable(str(file), rows.height, rows.filter(domain="").height)
