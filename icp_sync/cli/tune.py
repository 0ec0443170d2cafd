"""`icp-sync tune`: what if the profile were another? A page on this machine over the last reading."""

from __future__ import annotations

import threading
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from icp_sync.cli.crash_handler import crash_error
from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import OutputFile
from icp_sync.cli.options import CommonOptions, as_of_option, common_options, hide_options
from icp_sync.cli.output import print_document, print_text, warn
from icp_sync.errors import UsageError

if TYPE_CHECKING:
    from icp_sync.runs.snapshot_scoring import OfflineSource
    from icp_sync.web.whatif_session import WinsByTier


@click.command("tune")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, envvar="ICP_SYNC_PORT",
    help="Port on 127.0.0.1.  [default: a free one]",
)  # fmt: skip
@click.option(
    "--browser/--no-browser", default=True, show_default=True, envvar="ICP_SYNC_BROWSER",
    help="Open the page in this machine's browser.",
)  # fmt: skip
@click.option(
    "--out", type=OutputFile(), envvar="ICP_SYNC_OUT", metavar="FILE",
    help="Save into this new file; the profile itself stays as it is.",
)  # fmt: skip
@as_of_option
@hide_options("quiet")
@common_options
def tune_command(*, common: CommonOptions, port: int, browser: bool, out: Path | None, as_of: object) -> int:
    """Move weights, bounds, thresholds and capacity on a page, see the tiers move, and save the change as a diff.

    It says too from which score a tier would hold how many companies. The page scores the last reading of your portal,
    as plan would; it asks HubSpot nothing and needs no token. It is served to this machine alone until Ctrl-C, Close,
    or an hour without a question.

    \b
    Example: icp-sync tune
    Example: icp-sync tune --profile config/ecp.yaml --no-browser --port 8100
    """
    require_extra("tune", "starlette", "uvicorn", "jinja2")
    if out is not None and out.exists():
        raise UsageError(f"{out} is there already, and is not written over; name a new file with --out")
    return _serve_page(common, port, out, as_of, opens=browser)


def _serve_page(common: CommonOptions, port: int, out: Path | None, as_of: object, *, opens: bool) -> int:
    import datetime as dt

    from icp_sync.cli.options import warn_of_early_as_of
    from icp_sync.cli.wiring import open_store_offline
    from icp_sync.profile.load import LoadedProfile
    from icp_sync.runs.snapshot_scoring import open_offline
    from icp_sync.web.server import WhatIfServer, open_loopback_socket
    from icp_sync.web.whatif_session import WhatIfSession

    store, _ = open_store_offline(common)
    day = as_of.date() if isinstance(as_of, dt.datetime) else None

    def open_offline_source(loaded: LoadedProfile) -> OfflineSource:
        return open_offline(store, loaded, as_of=day, command="tune")

    with open_loopback_socket(port) as listener:
        workbench = WhatIfSession(common.single_profile(), out, open_offline_source, _known_wins)
        # Before the port is announced: what is wrong with the profile or the reading is said here, not in a browser.
        snapshot = workbench.evaluate_current().snapshot
        warn_of_early_as_of(snapshot.as_of, snapshot.read_on)
        server = WhatIfServer(listener, workbench, lambda failure: crash_error(failure, ["tune"]).message)
        server.serve_until_closed(lambda address: _print_and_open_address(address, common, opens=opens))
    return 0


def _known_wins(offline: OfflineSource) -> WinsByTier | None:
    """Deals beside the tiers, where they were read and the extra that counts them is there."""
    if not find_spec("scipy"):
        return None
    from icp_sync.runs.whatif_tier_wins import TierWins

    known = TierWins.from_state(offline)
    return known.count_by_tier if known else None


def _print_and_open_address(address: str, common: CommonOptions, *, opens: bool) -> None:
    if common.as_json:
        print_document({"address": address})
    else:
        print_text(address)
        click.echo("open it in a browser on this machine; serving until Ctrl-C or Close", err=True)
    if opens:
        # Some browsers run in the terminal until they are left; the page must be served meanwhile.
        threading.Thread(target=_open_browser, args=(address,), daemon=True).start()


def _open_browser(address: str) -> None:
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        warn("no browser could be opened; open the address above yourself")
