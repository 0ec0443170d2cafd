"""The page of a run as a file: asked for with `--report FILE.html`, or by `icp-sync report`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import OUTPUT_FILE
from icp_sync.cli.options import CommonOptions
from icp_sync.cli.output import warn
from icp_sync.errors import IcpSyncError

if TYPE_CHECKING:
    from icp_sync.evidence.backtest_document import BacktestDocument
    from icp_sync.plan.document.report_document import ReportDocument
    from icp_sync.runs.run import RunResult
    from icp_sync.state.reports import ReportStore

MAX_EARLIER: Final = 30
"""Runs before this one that a page draws a line of."""
NEEDED: Final = ("jinja2", "altair", "vl_convert")


def report_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--report FILE.html`: refused before anything else happens where the extra is missing."""
    return click.option(
        "--report", "page", type=OUTPUT_FILE, metavar="FILE.html",
        envvar="ICP_SYNC_REPORT", callback=_require_extra,
        help="Write the report of this run as a page; needs icp-sync[report].",
    )(command)  # fmt: skip


def _require_extra(_context: click.Context, _option: click.Parameter, page: Path | None) -> Path | None:
    if page is not None:
        require_extra("report", *NEEDED)
    return page


def require_one_profile(common: CommonOptions, page: Path | None) -> None:
    """Raise click.UsageError where a page is asked for and several profiles run: each has a page of its own."""
    if page is not None and len(common.profile_files) > 1:
        raise click.UsageError("--report is for one profile; name one --profile, or use icp-sync report afterwards")


def write_report_page(
    page: Path, document: ReportDocument, reports: ReportStore, backtest: BacktestDocument | None = None
) -> Path:
    """Write the page of a document, beside those of the runs before it, whole or not at all, mode 0600.

    `backtest`: what deals say, None where that is not known. Raises StateUnusable where the file or the earlier
    documents cannot be used.
    """
    from icp_sync.files import write_private_file
    from icp_sync.views.html.report_page import report_page

    earlier = reports.documents_before(document, MAX_EARLIER)
    return write_private_file(page, [report_page(document, earlier, backtest).encode()])


def finish_reports(results: Sequence[RunResult], page: Path | None) -> None:
    """Warn where the document of a run was not made or not saved, and write the page asked for.

    What the runs did is done, so a page that cannot be written is a warning too.
    """
    for result in results:
        if result.left is None:
            continue
        for warning in result.left.warnings:
            warn(warning)
        if page is not None and result.left.document is not None:
            try:
                write_report_page(page, result.left.document, result.left.reports)
            except IcpSyncError as error:
                warn(f"the page of this run was not written: {error.message}")
