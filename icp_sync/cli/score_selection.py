"""Which companies of a file `score` keeps, as options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from icp_sync.cli.option_types import NUMBER_FROM_1, FilePath, RepeatableOption

Command = Callable[..., Any]


def selection_options(command: Command) -> Command:
    """Adds `--not-in-portal`, `--portal-state`, `--top`, `--per`, passed to the command as one `CompanySelection`."""

    @click.option(
        "--not-in-portal", is_flag=True, envvar="ICP_SYNC_NOT_IN_PORTAL",
        help="Leave out companies whose domain HubSpot holds, by the last run's snapshot, and doubles in the files.",
    )  # fmt: skip
    @click.option(
        "--portal-state", "states", cls=RepeatableOption, multiple=True, envvar="ICP_SYNC_PORTAL_STATE", metavar="DIR",
        type=FilePath(path_type=Path, exists=True, file_okay=False),
        help="A state directory whose portal is meant; repeatable.  [default: all of this user's]",
    )  # fmt: skip
    @click.option(
        "--top", type=NUMBER_FROM_1, envvar="ICP_SYNC_TOP", metavar="N",
        help="Keep the best N: by tier, then score, potential and domain.",
    )  # fmt: skip
    @click.option(
        "--per", envvar="ICP_SYNC_PER", metavar="COLUMN",
        help="With --top: the best N of each country, industry or other column.",
    )  # fmt: skip
    @functools.wraps(command)
    def with_selection(
        *args: Any, not_in_portal: bool, states: tuple[Path, ...], top: int | None, per: str | None, **rest: Any
    ) -> Any:
        from icp_sync.runs.score_selection import CompanySelection

        return command(*args, selection=CompanySelection(not_in_portal, states, top, per), **rest)

    return with_selection
