"""`icp-sync explain ID_OR_DOMAIN`: why a company comes out as it does."""

from __future__ import annotations

import datetime as dt

import click

from icp_sync.cli.options import Common, as_of_option, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.session import Asked, job
from icp_sync.runs.explaining import explain_company
from icp_sync.views.explanation import explanation_document, explanation_view, notes_on


@click.command("explain", short_help="Why one company comes out as it does.")
@click.argument("id_or_domain")
@as_of_option
@common_options
def explain_command(*, common: Common, id_or_domain: str, as_of: dt.datetime | None) -> int:
    """Read a company from the portal now and score it criterion by criterion. Writes nothing.

    Digits are a record id, anything else a domain; several companies may share one, then all are shown.

    \b
    Example: icp-sync explain example.com
    """
    if not id_or_domain.strip():
        raise click.BadParameter("is empty; name a record id or a domain", param_hint="ID_OR_DOMAIN")
    with job("explain", common, Asked(as_of=as_of, verdicts=False)) as (todo, _):
        explained = explain_company(todo, id_or_domain.strip())
    notes = notes_on(todo.profile, explained.as_of)
    if common.as_json:
        print_document({"companies": [explanation_document(one) for one in explained.companies], "notes": list(notes)})
    else:
        print_view(explanation_view(explained.companies, notes))
    return 0
