"""The commands of the command line, and whether it knows those of a page or a file."""

from __future__ import annotations

from collections.abc import Sequence

import click


def command_of(name: str) -> click.Command:
    """The command of that name."""
    from icp_sync.cli import cli

    command = cli.get_command(click.Context(cli), name)
    assert command is not None, f"there is no command {name}"
    return command


def problems(words: Sequence[str]) -> list[str]:
    """What is wrong with `icp-sync WORDS...`: an unknown command or unknown options; empty if nothing is."""
    from icp_sync.cli import cli

    command = cli.get_command(click.Context(cli), words[0])
    if command is None:
        return [f"no command {words[0]}"]
    known = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts, "--help"]}
    return [f"{words[0]} has no {word}" for word in words[1:] if word.startswith("--") and word not in known]
