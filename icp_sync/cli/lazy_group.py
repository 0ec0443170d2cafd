"""A click group that imports a command only when it is called; `--help` and completion import none."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A command is named after its file: `retry-failed` is `retry_failed_command` in `cli/retry_failed.py`.

    `lines`: command → its line in `--help`. Importing Polars and HubSpot's client alone takes half a second.
    """

    def __init__(self, name: str | None = None, *, lines: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.commands = {command: click.Command(command, short_help=line) for command, line in lines.items()}

    def get_command(self, _ctx: click.Context, cmd_name: str, /) -> click.Command | None:
        """Imports and returns the command; None if there is no command of that name."""
        if cmd_name not in self.commands:
            return None
        module = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"icp_sync.cli.{module}"), f"{module}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands and their lines as click does."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin with the text, then the group's options."""
        lines = {name: command.short_help for name, command in self.commands.items() if name.startswith(incomplete)}
        names = [CompletionItem(name, help=line) for name, line in sorted(lines.items())]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]
