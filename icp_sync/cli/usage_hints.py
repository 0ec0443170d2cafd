"""What click's errors about arguments leave out: how the thing that was meant is written."""

from __future__ import annotations

import re
import shlex
from typing import Final

import click

from icp_sync.cli.option_types import PROFILE_SUFFIXES, REFERENCE, misplaced_profile_hint

_EXTRA: Final = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)
_EXAMPLE: Final = re.compile(r"Example: (.+)")
_OPTION_FOR: Final = {
    "history": "--company",
    "release": "--company",
    "shopping-list": "--property",
    "backtest": "--by",
    "discover": "--customers",
    "fleet": "--only",
    "sandbox": "--from",
}
"""Command → the option that an argument of it most likely is the value of."""


def with_usage_hint(error: click.ClickException) -> click.ClickException:
    """The error with what to write, where an argument is missing or one too many; any other as it is."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return error
    extra = _EXTRA.fullmatch(error.message)
    if extra:
        return click.UsageError(f"{error.message}; {_instead(context.command, extra[1])}", context)
    if isinstance(error, click.MissingParameter) and not (error.param and isinstance(error.param.type, click.Choice)):
        return click.MissingParameter(f"For example: {_example(context.command)}", context, error.param)
    return error


def _instead(command: click.Command, extra: str) -> str:
    """What to write in the place of an argument too many."""
    names = {name for parameter in command.params for name in parameter.opts}
    option = _OPTION_FOR.get(str(command.name))
    if extra.endswith(PROFILE_SUFFIXES) and "--profile" in names:
        return misplaced_profile_hint(extra)
    if option in names:
        return f"write {option} {shlex.quote(extra)}"
    if any(isinstance(parameter, click.Argument) and parameter.type is REFERENCE for parameter in command.params):
        return f"a name of several words stands in quotes; for example: {_example(command)}"
    return f"for example: {_example(command)}"


def _example(command: click.Command) -> str:
    """How the command is written, by the first example of its help."""
    example = _EXAMPLE.search(command.help or "")
    return example[1] if example else f"icp-sync {command.name} --help"
