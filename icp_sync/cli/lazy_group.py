"""A group of commands of which each is imported only when it is called: `--help` and Tab need none of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A command is named after its file: `retry-failed` is `retry_failed_command` in `cli/retry_failed.py`.

    `lines`: name of a command → its line in `--help`, where none is imported: Polars and HubSpot's client alone take
    half a second.
    """

    def __init__(self, name: str | None = None, *, lines: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.commands = {command: click.Command(command, short_help=line) for command, line in lines.items()}

    def get_command(self, _ctx: click.Context, cmd_name: str, /) -> click.Command | None:
        """The command itself, imported now; None for a name that is no command's."""
        if cmd_name not in self.commands:
            return None
        module = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"icp_sync.cli.{module}"), f"{module}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The names and their lines, as any group writes them."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names that begin so, then the group's own options."""
        lines = {name: command.short_help for name, command in self.commands.items() if name.startswith(incomplete)}
        names = [CompletionItem(name, help=line) for name, line in sorted(lines.items())]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]
