"""The JSON Schema of the documents of evidence, which `icp-sync schema --evidence` prints."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from icp_sync.evidence.comparison_document import ComparisonDocument
from icp_sync.evidence.customers import CustomersDocument
from icp_sync.evidence.discover_document import DiscoverDocument
from icp_sync.evidence.document import BacktestDocument

_Document = BacktestDocument | ComparisonDocument | DiscoverDocument | CustomersDocument


def evidence_schema() -> dict[str, Any]:
    """What `backtest`, `compare`, `discover` or `customers` prints with `--json`: one of these documents."""
    documents: TypeAdapter[_Document] = TypeAdapter(_Document)
    return documents.json_schema()
