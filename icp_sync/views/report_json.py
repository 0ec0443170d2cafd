"""Reports as `--json` documents: of one run with its error, and of several profiles run together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from icp_sync.errors import IcpSyncError
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.document.run_document import run_document
from icp_sync.plan.forecast import Forecast
from icp_sync.plan.run_report import RunReport
from icp_sync.views.error_json import error_document


def report_document(report: RunReport, forecast: Forecast, preview: PlanPreview | None = None) -> dict[str, Any]:
    """The document of `plan`, `run`, `apply` and `backfill`; `preview` is None where the plan came from a file."""
    document = run_document(report, forecast, preview)
    return document if report.error is None else document | error_document(report.error)


def profiles_document(documents: Sequence[Mapping[str, Any]], errors: Sequence[IcpSyncError]) -> dict[str, Any]:
    """The document of several profiles run together: theirs in order, and the first error."""
    document = {"profiles": [dict(one) for one in documents]}
    return document | error_document(errors[0]) if errors else document
