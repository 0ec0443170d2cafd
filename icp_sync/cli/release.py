"""`icp-sync release`: end overrides, held inputs and pins."""

from __future__ import annotations

import datetime as dt
import sys

import click

from icp_sync.cli.option_types import COMPANY, RepeatableOption
from icp_sync.cli.options import CommonOptions, common_options
from icp_sync.cli.output import print_document, print_text
from icp_sync.cli.wiring import open_store_by_profile_name
from icp_sync.errors import PlanDeclined
from icp_sync.plan.plurals import count_noun
from icp_sync.runs.company_lookup import find_company_ids
from icp_sync.runs.release import Releasable, ReleaseRequest, find_releasable, release_exemptions


@click.command("release")
@click.option(
    "--company", "companies", cls=RepeatableOption, type=COMPANY, multiple=True, metavar="COMPANY",
    envvar="ICP_SYNC_COMPANY",
    help="Of this company, by its id, domain or name; repeatable. Alone: its overrides.",
)  # fmt: skip
@click.option("--all", "everybody", is_flag=True, envvar="ICP_SYNC_ALL", help="All overrides.")
@click.option(
    "--lost", is_flag=True, envvar="ICP_SYNC_LOST",
    help="Held inputs; those of a property in an outage only with --property.",
)  # fmt: skip
@click.option(
    "--property", "property_name", metavar="NAME", envvar="ICP_SYNC_PROPERTY",
    help="With --lost: only this property, outage or not.",
)  # fmt: skip
@click.option("--pins", metavar="LIST", envvar="ICP_SYNC_PINS", help="The pins of this list.")
@click.option("--yes", is_flag=True, envvar="ICP_SYNC_YES", help="Do not ask; needed where there is no terminal.")
@common_options
def release_command(
    *,
    common: CommonOptions,
    companies: tuple[str, ...],
    everybody: bool,
    lost: bool,
    property_name: str | None,
    pins: str | None,
    yes: bool,
) -> int:
    """End what stands against the profile; the next run writes. Writes nothing to the portal itself.

    \b
    Example: icp-sync release --company 4711, or icp-sync release --lost --property industry
    """
    if property_name is not None and not lost:
        raise click.UsageError("--property goes with --lost")
    if not (companies or everybody or lost or pins):
        raise click.UsageError("say what to release: --company ID, --all, --lost or --pins LIST")
    if companies and everybody:
        raise click.UsageError("--company and --all exclude each other")
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; add --yes")
    overrides = everybody or (bool(companies) and not lost and pins is None)
    store = open_store_by_profile_name(common)
    request = ReleaseRequest(find_company_ids(store, companies) or None, overrides, lost, property_name, pins)
    releasable = find_releasable(store, request)
    if not yes and not click.confirm(f"End {_releasable_counts(releasable)}?", err=True):
        raise PlanDeclined("not confirmed; nothing was released")
    released = release_exemptions(store, request, dt.datetime.now(dt.UTC))
    if common.as_json:
        print_document({"released": released})
    elif not common.quiet:
        print_text(f"released {_releasable_counts(releasable)}; the next run writes what the profile says")
    return 0


def _releasable_counts(releasable: Releasable) -> str:
    """How much of each kind."""
    counts = (
        (len(releasable.overrides), "override"),
        (releasable.ending, "held input"),
        (len(releasable.pins), "pin"),
    )
    return " and ".join(count_noun(count, word) for count, word in counts if count)
