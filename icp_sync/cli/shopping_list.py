"""`icp-sync shopping-list`: which missing values pay, and the companies to buy them for."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import click

from icp_sync.cli.option_types import NUMBER_FROM_1, OUTPUT_FILE
from icp_sync.cli.options import Common, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_store_offline
from icp_sync.files import write_private
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.runs.offline import open_offline, score_offline
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.scoring.purchase_groups import PropertyGroup, property_groups
from icp_sync.scoring.shopping_list import lifted_companies, shopping_list
from icp_sync.views.shopping_csv import shopping_table
from icp_sync.views.shopping_list import Reading, SavedTable, shopping_view
from icp_sync.vocabulary.suggest import nearest_names


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
@click.option("--limit", type=NUMBER_FROM_1, metavar="N", envvar="ICP_SYNC_LIMIT", help="With --csv: the first N rows.")
@common_options
def shopping_list_command(
    *, common: Common, wanted: str | None, tier: str | None, table: Path | None, limit: int | None
) -> int:
    """Say which missing values would put undecided companies into a tier, and in which order to buy them.

    Scores the companies as last read from HubSpot with the profile as it is on disk. Makes no call; no token is needed.

    \b
    Example: icp-sync shopping-list, then icp-sync shopping-list --property web_technologies --csv to-buy.csv
    """
    if limit is not None and table is None:
        raise click.UsageError("--limit cuts the table of --csv; name a file with --csv too")
    store, loaded = open_store_offline(common)
    groups = _groups(loaded.profile, wanted)
    tiers = _tiers(loaded.profile, tier)
    offline = open_offline(store, loaded, command="shopping-list")
    scored = score_offline(offline)
    shopping = shopping_list(scored.scores.evaluated, scored.source.program, groups, tiers)
    saved = _save(scored, groups, tiers, table, limit) if table is not None else None
    if common.as_json:
        print_document(dataclasses.asdict(shopping) | ({"csv": dataclasses.asdict(saved)} if saved else {}))
    else:
        reading = Reading(scored.scores.frame.height, offline.read_at, offline.edited, tiers)
        print_view(shopping_view(shopping, loaded.profile, reading, saved))
    return 0


def _groups(profile: Profile, wanted: str | None) -> tuple[PropertyGroup, ...]:
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


def _save(
    scored: ScoredCompanies, groups: Sequence[PropertyGroup], tiers: Sequence[str], file: Path, limit: int | None
) -> SavedTable:
    lifted = lifted_companies(scored.scores.evaluated, scored.source.program, groups, tiers)
    rows = shopping_table(lifted, scored.scores.frame, scored.companies, groups, scored.source.profile)
    kept = rows if limit is None else rows.head(limit)
    write_private(file, [kept.write_csv().encode()])
    return SavedTable(str(file), kept.height, kept.filter(domain="").height)
