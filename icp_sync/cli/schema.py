"""`icp-sync schema`: the profile language as JSON Schema, for editors that complete and check."""

from __future__ import annotations

import click

from icp_sync.cli.options import CommonOptions, common_options, hide_options
from icp_sync.cli.output import print_document
from icp_sync.profile.describe.json_schema import json_schema


@click.command("schema")
@click.option("--report", "of_report", is_flag=True, help="The schema of a run's report instead.")
@click.option(
    "--evidence", "of_evidence", is_flag=True, help="The schema of backtests, comparisons and the like instead."
)
@click.option("--fleet", "of_fleet", is_flag=True, help="The schema of a fleet file instead.")
@hide_options("profiles", "state", "as_json", "quiet")
@common_options
def schema_command(
    *,
    common: CommonOptions,  # noqa: ARG001 - every command accepts the common options
    of_report: bool,
    of_evidence: bool,
    of_fleet: bool,
) -> int:
    """Print the JSON Schema of a profile; shipped profiles name it in their first line for yaml-language-server.

    \b
    Example: icp-sync schema > config/icp.schema.json
    """
    if of_report:
        from icp_sync.plan.document.report_document import report_schema

        print_document(report_schema())
    elif of_evidence:
        from icp_sync.evidence.json_schema import evidence_schema

        print_document(evidence_schema())
    elif of_fleet:
        from icp_sync.fleet.model import fleet_schema

        print_document(fleet_schema())
    else:
        print_document(json_schema())
    return 0
