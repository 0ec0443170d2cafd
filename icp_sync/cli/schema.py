"""`icp-sync schema`: the profile language as JSON Schema, for editors that complete and check."""

from __future__ import annotations

import click

from icp_sync.cli.options import Common, common_options, hide_options
from icp_sync.cli.output import print_document
from icp_sync.profile.describe.json_schema import json_schema


@click.command("schema")
@hide_options("profiles", "state", "as_json", "quiet")
@common_options
def schema_command(*, common: Common) -> int:  # noqa: ARG001 - every command accepts the common options
    """Print the JSON Schema of a profile; shipped profiles name it in their first line for yaml-language-server.

    \b
    Example: icp-sync schema > config/icp.schema.json
    """
    print_document(json_schema())
    return 0
