"""`icp-sync doc`: the profile as one page of Markdown."""

from __future__ import annotations

import click

from icp_sync.cli.options import CommonOptions, common_options, hide_options
from icp_sync.cli.output import print_document, print_text
from icp_sync.cli.profile_loading import load_profile
from icp_sync.views.profile_markdown import profile_markdown


@click.command("doc")
@click.option("--portal", is_flag=True, envvar="ICP_SYNC_PORTAL", help="With live counts, read from the portal now.")
@hide_options("quiet")
@common_options
def doc_command(*, common: CommonOptions, portal: bool) -> int:
    """Write the profile as one page of Markdown: who it is for, criteria in plain words, tiers, evidence, review date.

    And who decides there (personas), whose bought data counts (enrichment), the A/B that runs (experiment), and how it
    is told whether all of it works (outcomes), where the profile has them.

    \b
    Example: icp-sync doc --portal > icp.md
    """
    loaded = load_profile(common.single_profile())
    text = profile_markdown(loaded.profile, _fetch_tier_counts(common) if portal else None)
    if common.as_json:
        print_document({"document": text})
    else:
        print_text(text.removesuffix("\n"))
    return 0


def _fetch_tier_counts(common: CommonOptions) -> dict[str, int]:
    """Tier or outcome → number of companies; each company is counted once."""
    from icp_sync.cli.wiring import open_session
    from icp_sync.runs.portal_session import RunOptions
    from icp_sync.runs.run import read_population

    with open_session(common, RunOptions("doc"), several=False) as (session, _):
        population = read_population(session)
    outcomes = {outcome: count for outcome, count in population.outcomes.items() if outcome != "tiered"}
    return {**population.tiers, **outcomes}
