"""The JSON Schema of the documents of evidence, which `icp-sync schema --evidence` prints."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.best_customers import CustomersDocument
from icp_sync.evidence.discover_document import DiscoverDocument
from icp_sync.evidence.profile_comparison_document import ComparisonDocument
from icp_sync.evidence.reviewed_sample_document import SampleDocument

_Document = BacktestDocument | ComparisonDocument | DiscoverDocument | CustomersDocument | SampleDocument


def evidence_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that each of the documents meets; `$defs` has them by name."""
    documents: TypeAdapter[_Document] = TypeAdapter(_Document)
    return documents.json_schema(mode="serialization")
