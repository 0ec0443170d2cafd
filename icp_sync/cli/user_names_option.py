"""`--names`: users and owners by their e-mail addresses, asked of HubSpot when they are shown and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import click

from icp_sync.cli.options import CommonOptions
from icp_sync.cli.output import warn
from icp_sync.cli.stop_signals import graceful_stop
from icp_sync.cli.wiring import open_connection
from icp_sync.errors import IcpSyncError, RunInterrupted, RunStopped
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.owners import SCOPE
from icp_sync.settings import read_settings

Id = TypeVar("Id", int, str)


def user_names_option(who: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--names`; `who`: users or owners."""
    return click.option(
        "--names", is_flag=True, envvar="ICP_SYNC_NAMES",
        help=f"Show {who} by their e-mail addresses, as HubSpot tells them now to a token with the scope {SCOPE}.",
    )  # fmt: skip


def fetch_emails_or_warn(
    common: CommonOptions, who: str, ids: Collection[Id], ask: Callable[[Connection, Collection[Id]], Mapping[Id, str]]
) -> Mapping[Id, str]:
    """Id → e-mail address; a warning where HubSpot names nobody, since what is shown is of use without them."""
    if not ids:
        return {}
    try:
        with graceful_stop(as_json=common.as_json) as stop, open_connection(read_settings(), stop) as connection:
            names = ask(connection, ids)
    except (RunInterrupted, RunStopped):
        raise
    except IcpSyncError as error:
        warn(f"{who} are shown by their ids: {error.message}")
        return {}
    if not names:
        warn(f"{who} are shown by their ids: HubSpot names none of them, or the token lacks the scope {SCOPE}")
    return names
