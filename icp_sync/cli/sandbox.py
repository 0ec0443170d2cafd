"""`icp-sync sandbox`: serves a simulated HubSpot portal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from icp_sync.cli.extras import import_sandbox
from icp_sync.cli.option_types import FilePath, RepeatableOption
from icp_sync.cli.options import CommonOptions, common_options, hide_options
from icp_sync.cli.output import print_document
from icp_sync.cli.sandbox_import import describe_load, import_report_document
from icp_sync.cli.sandbox_portals import make_portals, switch_on_fault
from icp_sync.errors import ExtraMissing, IcpSyncError

if TYPE_CHECKING:
    from icp_sync.sandbox import LoadReport, SandboxPortal

LOOPBACK: Final = "127.0.0.1"


class _SandboxCommand(click.Command):
    """A command whose help ends with the sandbox's faults, if the sandbox is installed."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        try:
            kinds = import_sandbox().KINDS
        except ExtraMissing:
            return
        with formatter.section("Faults"):
            formatter.write_dl(list(kinds.items()))


@click.command("sandbox", cls=_SandboxCommand)
@click.option(
    "--companies", type=click.IntRange(0), default=2_000, show_default=True, envvar="ICP_SYNC_COMPANIES",
    help="Generate so many companies.",
)  # fmt: skip
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    envvar="ICP_SYNC_SEED",
    help="The same seed makes the same portal.",
)
@click.option(
    "--from", "source", type=FilePath(path_type=Path, dir_okay=False), envvar="ICP_SYNC_FROM",
    help="Load a CSV or Parquet file instead, such as HubSpot's company export: columns go by property name or label.",
)  # fmt: skip
@click.option(
    "--map", "mapping", cls=RepeatableOption, multiple=True, metavar="COLUMN=PROPERTY", envvar="ICP_SYNC_MAP",
    help="With --from: load a column into this property; with nothing behind the = leave it out. Repeatable.",
)  # fmt: skip
@click.option(
    "--deals", type=click.IntRange(0), default=0, show_default=True, envvar="ICP_SYNC_DEALS",
    help="Generate so many deals of the last three years.",
)  # fmt: skip
@click.option(
    "--signal", type=click.Choice(["planted", "none", "leak"]), default="planted", show_default=True,
    envvar="ICP_SYNC_SIGNAL",
    help="What decides deals: traits of the company, nothing, or nothing while sales fill in what customers use.",
)  # fmt: skip
@click.option(
    "--contacts", type=click.IntRange(0), default=0, show_default=True, envvar="ICP_SYNC_CONTACTS",
    help="Generate so many contacts of the companies.",
)  # fmt: skip
@click.option(
    "--portals", "count", type=click.IntRange(1, 1_000), default=1, show_default=True, envvar="ICP_SYNC_PORTALS",
    help="Serve so many portals at one address, told apart by their tokens.",
)  # fmt: skip
@click.option(
    "--first-portal-id", type=click.IntRange(1), envvar="ICP_SYNC_FIRST_PORTAL_ID",
    help="Portal id of the first portal; the others count on.  [default: a new one at each start]",
)  # fmt: skip
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    envvar="ICP_SYNC_PORT",
    help="Port on 127.0.0.1.  [default: a free one]",
)
@click.option(
    "--burst",
    type=click.IntRange(1),
    envvar="ICP_SYNC_BURST",
    help="Calls allowed in 10 seconds.  [default: 100,000]",
)
@click.option(
    "--daily",
    type=click.IntRange(1),
    default=1_000_000,
    show_default=True,
    envvar="ICP_SYNC_DAILY",
    help="Calls allowed in a day.",
)
@click.option(
    "--latency-ms",
    type=click.IntRange(0),
    default=0,
    envvar="ICP_SYNC_LATENCY_MS",
    help="How long every answer takes.",
)
@click.option(
    "--index-lag",
    type=click.FloatRange(0),
    default=0.0,
    envvar="ICP_SYNC_INDEX_LAG",
    help="Seconds search stays behind.",
)
@click.option(
    "--searches",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    envvar="ICP_SYNC_SEARCHES",
    help="Searches allowed in a second.",
)
@click.option(
    "--search-disorder",
    type=click.IntRange(0),
    default=0,
    metavar="HITS",
    envvar="ICP_SYNC_SEARCH_DISORDER",
    help="Shuffle the hits of a search within runs of so many.",
)
@click.option(
    "--search-total-capped", is_flag=True, envvar="ICP_SYNC_SEARCH_TOTAL_CAPPED", help="No total exceeds 10,000."
)
@click.option(
    "--listing",
    type=click.Choice(["ascending", "shuffled"]),
    default="ascending",
    show_default=True,
    envvar="ICP_SYNC_LISTING",
    help="The order of the list endpoint.",
)
@click.option(
    "--unchanged-bumps/--unchanged-stays",
    default=True,
    show_default=True,
    envvar="ICP_SYNC_UNCHANGED_BUMPS",
    help="Whether writing what is there already counts as a change.",
)
@click.option(
    "--fault", "faults", cls=RepeatableOption, multiple=True, metavar="KIND=RATE", envvar="ICP_SYNC_FAULT",
    help="A fault to switch on, such as mixed=0.2; 3:mixed=0.2 hits portal 3 alone. Repeatable; kinds see below.",
)  # fmt: skip
@click.option(
    "--fault-seed",
    type=int,
    default=0,
    show_default=True,
    envvar="ICP_SYNC_FAULT_SEED",
    help="The same seed hits the same calls.",
)
@hide_options("profiles", "state", "quiet")
@common_options
def sandbox_command(*, common: CommonOptions, count: int, port: int, faults: tuple[str, ...], **traits: Any) -> int:
    """Serve a portal in memory on this machine until Ctrl-C; prints the variables to export.

    \b
    Example: icp-sync sandbox --companies 5000 --deals 4000 --contacts 8000
    Example: icp-sync sandbox --from export.csv --map "Our size=numberofemployees" --map "Notes="
    Example: icp-sync sandbox --from companies.parquet --latency-ms 100 --burst 190
    Example: icp-sync sandbox --companies 1000000 --fault mixed=0.2 --search-disorder 1000
    Example: icp-sync sandbox --portals 25 --companies 400 --first-portal-id 500 --fault 7:429_daily
    """
    made = make_portals(count, traits)
    portals = [portal for portal, _ in made]
    for fault in faults:
        switch_on_fault(portals, fault, traits["fault_seed"])
    try:
        import_sandbox().serve_forever(portals, LOOPBACK, port, lambda url: _print_addresses(url, made, common))
    except OSError as error:
        raise IcpSyncError(f"port {port} cannot be opened ({error.strerror}); name another with --port") from error
    return 0


def _print_addresses(url: str, made: Sequence[tuple[SandboxPortal, LoadReport | None]], common: CommonOptions) -> None:
    """Prints the address and the tokens, which give access to nothing but the sandbox.

    Of a single portal its id too: commands that ask no portal must know which of those they remember is meant.
    """
    loaded = made[0][1]
    names = (
        ["HUBSPOT_ACCESS_TOKEN"] if len(made) == 1 else [f"PORTAL_{number + 1}_TOKEN" for number in range(len(made))]
    )
    variables = {"HUBSPOT_BASE_URL": url, **{name: portal.token for name, (portal, _) in zip(names, made, strict=True)}}
    if len(made) == 1:
        variables["ICP_SYNC_PORTAL_ID"] = str(made[0][0].portal_id)
    if common.as_json:
        print_document({**variables, "load": import_report_document(loaded)})
        return
    click.echo("\n".join(f"export {name}={value}" for name, value in variables.items()))
    for line in describe_load(loaded) if loaded is not None else ():
        click.echo(line, err=True)
    click.echo("serving until Ctrl-C", err=True)
