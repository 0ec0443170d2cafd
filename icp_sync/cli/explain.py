"""`icp-sync explain ID_OR_DOMAIN_OR_NAME`: why a company has its score and tier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import click

from icp_sync.cli.option_types import REFERENCE
from icp_sync.cli.options import CommonOptions, as_of_option, common_options, warn_of_early_as_of
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_session, open_store_offline
from icp_sync.errors import AmbiguousCompany
from icp_sync.plan.company_memory import NOTHING
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.explain import ExplainResult, explain_company
from icp_sync.runs.explain_offline import explain_offline
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.snapshot_scoring import open_offline
from icp_sync.views.explanation import (
    ExplanationContext,
    explanation_document,
    explanation_view,
    matches_view,
    offline_explanation_note,
    snapshot_notes,
)


@click.command("explain")
@click.argument("wanted", metavar="ID_OR_DOMAIN_OR_NAME", type=REFERENCE)
@click.option(
    "--offline", is_flag=True, envvar="ICP_SYNC_OFFLINE",
    help="By the companies as last read: no call, and no token is needed.",
)  # fmt: skip
@as_of_option
@common_options
def explain_command(*, common: CommonOptions, wanted: str, offline: bool, as_of: dt.datetime | None) -> int:
    """Read a company from the portal now and score it criterion by criterion. Writes nothing.

    Digits are a record id, anything else a domain, then a name. Companies that share a domain are all shown, those
    that share a name are listed with their ids.

    \b
    Example: icp-sync explain example.com, or icp-sync explain "Example GmbH" --offline
    """
    if not wanted.strip():
        raise click.BadParameter("is empty; give a record id, a domain or a name", param_hint="ID_OR_DOMAIN_OR_NAME")
    day = as_of.date() if as_of else None
    try:
        explained, profile, notes = (_explain_from_snapshot if offline else _explain_from_portal)(
            common, wanted.strip(), day
        )
    except AmbiguousCompany as several:
        if not common.as_json:
            print_view(matches_view([dict(one) for one in several.details if isinstance(one, Mapping)]))
        raise
    if common.as_json:
        documents = [
            explanation_document(company, explained.remembered.get(company.id, NOTHING))
            for company in explained.companies
        ]
        print_document({"companies": documents, "notes": list(notes)})
    else:
        shown = ExplanationContext(profile, explained.ui_domain, explained.portal_id, explained.remembered)
        print_view(explanation_view(explained.companies, shown, notes))
    return 0


def _explain_from_portal(
    common: CommonOptions, wanted: str, day: dt.date | None
) -> tuple[ExplainResult, Profile, tuple[str, ...]]:
    options = RunOptions("explain", as_of=day)
    with open_session(common, options, several=False, verdicts=False) as (session, _):
        explained = explain_company(session, wanted)
    profile = session.only_profile().profile
    return explained, profile, snapshot_notes(profile, explained.as_of)


def _explain_from_snapshot(
    common: CommonOptions, wanted: str, day: dt.date | None
) -> tuple[ExplainResult, Profile, tuple[str, ...]]:
    store, loaded = open_store_offline(common)
    offline = open_offline(store, loaded, as_of=day, command="explain", names_profile=common.names_profile)
    warn_of_early_as_of(offline.source.profile_run.session.day, offline.read_on)
    return (
        explain_offline(offline, wanted),
        loaded.profile,
        (offline_explanation_note(offline.read_at, edited=offline.edited),),
    )
