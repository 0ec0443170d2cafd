"""The JSON Schema of the documents of evidence, which `icp-sync schema --evidence` prints."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from icp_sync.evidence.comparison_document import ComparisonDocument
from icp_sync.evidence.document import BacktestDocument


def evidence_schema() -> dict[str, Any]:
    """What `backtest --json` or `compare --json` prints: one of these documents."""
    documents: TypeAdapter[BacktestDocument | ComparisonDocument] = TypeAdapter(BacktestDocument | ComparisonDocument)
    return documents.json_schema()
