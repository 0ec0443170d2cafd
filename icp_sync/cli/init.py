"""`icp-sync init`: write a profile to start from."""

from __future__ import annotations

from pathlib import Path

import click

from icp_sync.cli.options import DEFAULT_PROFILE, Common, common_options
from icp_sync.cli.output import print_document
from icp_sync.errors import UsageRefused
from icp_sync.profile import templates


@click.command("init", short_help="Write a profile to start from.")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--template", default="s0-icp", show_default=True, envvar="ICP_SYNC_TEMPLATE", type=click.Choice(templates.names()),
    help="The profile to start from.",
)  # fmt: skip
@common_options
def init_command(*, common: Common, path: Path | None, template: str) -> int:
    """Write a commented profile to PATH (default config/icp.yaml); an existing file is never overwritten.

    \b
    Example: icp-sync init config/icp.yaml
    """
    target = path or (common.profile if common.profiles else DEFAULT_PROFILE)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(templates.text(template))
    except FileExistsError as error:
        raise UsageRefused(f"{target} is already there; name another path") from error
    except OSError as error:
        raise UsageRefused(f"{target} cannot be written ({error.strerror})") from error
    if common.as_json:
        print_document({"path": str(target), "template": template})
    elif not common.quiet:
        click.echo(f"wrote {target}; edit it, then: icp-sync check --profile {target}")
    return 0
