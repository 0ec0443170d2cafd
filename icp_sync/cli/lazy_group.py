"""A click group that imports a command only when it is called; `--help` and completion import none."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

# Python's own 700, 10 and 10 look through a batch's plain values several times a call: a tenth of a first run's CPU.
_GARBAGE_THRESHOLDS: Final = (50_000, 20, 50)


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
        name = f"icp_sync.cli.{module}"
        if name not in sys.modules:
            with _keep_all_objects():
                import_module(name)
        command: click.Command = getattr(sys.modules[name], f"{module}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands and their lines as click does."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin with the text, then the group's options."""
        lines = {name: command.short_help for name, command in self.commands.items() if name.startswith(incomplete)}
        names = [CompletionItem(name, help=line) for name, line in sorted(lines.items())]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


@contextmanager
def _keep_all_objects() -> Iterator[None]:
    """Does not look for garbage among what is made here, now or later: modules live as long as the process.

    To look through them time and again is a sixth of the CPU that importing a command takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*_GARBAGE_THRESHOLDS)
        gc.enable()
