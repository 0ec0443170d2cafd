"""`icp-sync explain ID_OR_DOMAIN_OR_NAME`: why a company has its score and tier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import click

from icp_sync.cli.option_types import REFERENCE
from icp_sync.cli.options import Common, as_of_option, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_session
from icp_sync.errors import SeveralCompanies
from icp_sync.plan.remembered_values import NOTHING
from icp_sync.runs.explain import explain_company
from icp_sync.runs.portal_session import RunOptions
from icp_sync.views.explanation import Shown, explanation_document, explanation_view, matches_view, snapshot_notes


@click.command("explain")
@click.argument("wanted", metavar="ID_OR_DOMAIN_OR_NAME", type=REFERENCE)
@as_of_option
@common_options
def explain_command(*, common: Common, wanted: str, as_of: dt.datetime | None) -> int:
    """Read a company from the portal now and score it criterion by criterion. Writes nothing.

    Digits are a record id, anything else a domain, then a name. Companies that share a domain are all shown, those
    that share a name are listed with their ids.

    \b
    Example: icp-sync explain example.com, or icp-sync explain "Example GmbH"
    """
    if not wanted.strip():
        raise click.BadParameter("is empty; give a record id, a domain or a name", param_hint="ID_OR_DOMAIN_OR_NAME")
    options = RunOptions("explain", as_of=as_of.date() if as_of else None)
    with open_session(common, options, several=False, verdicts=False) as (session, _):
        try:
            explained = explain_company(session, wanted.strip())
        except SeveralCompanies as several:
            if not common.as_json:
                print_view(matches_view([dict(one) for one in several.details if isinstance(one, Mapping)]))
            raise
    profile = session.only_profile().profile
    notes = snapshot_notes(profile, explained.as_of)
    if common.as_json:
        documents = [
            explanation_document(company, explained.remembered.get(company.id, NOTHING))
            for company in explained.companies
        ]
        print_document({"companies": documents, "notes": list(notes)})
    else:
        shown = Shown(profile, explained.ui_domain, explained.portal_id, explained.remembered)
        print_view(explanation_view(explained.companies, shown, notes))
    return 0
