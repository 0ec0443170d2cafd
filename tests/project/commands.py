"""Whether the command line knows a command and its options."""

from __future__ import annotations

from collections.abc import Sequence

import click


def problems(words: Sequence[str]) -> list[str]:
    """What is wrong with `icp-sync WORDS...`: an unknown command or unknown options; empty if nothing is."""
    from icp_sync.cli import cli

    command = cli.get_command(click.Context(cli), words[0])
    if command is None:
        return [f"no command {words[0]}"]
    known = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts, "--help"]}
    return [f"{words[0]} has no {word}" for word in words[1:] if word.startswith("--") and word not in known]
