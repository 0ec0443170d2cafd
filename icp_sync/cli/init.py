"""`icp-sync init`: write a profile from a template, or list the templates."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

import click

from icp_sync.cli.option_types import FilePath
from icp_sync.cli.options import DEFAULT_PROFILE, CommonOptions, common_options, hide_options
from icp_sync.cli.output import json_text, print_document, print_text
from icp_sync.errors import UsageError
from icp_sync.profile import templates
from icp_sync.profile.describe.json_schema import json_schema
from icp_sync.profile.load import parse_profile

SCHEMA: Final = "icp.schema.json"


@click.command("init")
@click.argument("path", type=FilePath(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--template", default="s0-icp", show_default=True, envvar="ICP_SYNC_TEMPLATE",
    type=click.Choice(templates.template_names()),
    help="The profile to start from.",
)  # fmt: skip
@click.option("--list", "listing", is_flag=True, envvar="ICP_SYNC_LIST", help="Only list the templates.")
@hide_options("profiles", "state")
@common_options
def init_command(*, common: CommonOptions, path: Path | None, template: str, listing: bool) -> int:
    """Write a commented profile to PATH (default config/icp.yaml); an existing file is never overwritten.

    Its JSON Schema is laid beside it, where editors with the YAML language server look for it.

    \b
    Example: icp-sync init --list
    Example: icp-sync init --template s2-saas config/icp.yaml
    """
    if listing:
        return _list_templates(common)
    if path is not None and str(path) in templates.template_names():
        raise UsageError(f"{path} is a template, not a file to write; name it by --template {path}")
    target = path or (common.profiles[0] if common.profiles else DEFAULT_PROFILE)
    _write_new_file(target, templates.template_text(template))
    schema = target.with_name(SCHEMA)
    if not schema.exists():
        _write_new_file(schema, json_text(json_schema()))
    if common.as_json:
        print_document({"path": str(target), "template": template})
    elif not common.quiet:
        print_text(f"wrote {target}; edit it, then: icp-sync check --profile {shlex.quote(str(target))}")
    return 0


def _list_templates(common: CommonOptions) -> int:
    titles = {
        name: parse_profile(templates.template_text(name), name).profile.profile.title or ""
        for name in templates.template_names()
    }
    if common.as_json:
        print_document({"templates": [{"name": name, "title": title} for name, title in titles.items()]})
    else:
        for name, title in titles.items():
            print_text(f"{name:24} {title}")
    return 0


def _write_new_file(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{target} is already there; name another path") from error
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror})") from error
