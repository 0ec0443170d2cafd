"""Owners by name where they are shown; documents keep their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.plan.document.report_document import ReportDocument

OWNER: Final = "hubspot_owner_id"


def shown_owner_ids(document: ReportDocument) -> list[str]:
    """The owners that the page of a document shows, each once."""
    return [*dict.fromkeys(account.owner for account in document.target_accounts if account.owner)]


def strata_owner_ids(backtest: BacktestDocument) -> list[str]:
    """The owners that deals are compared within; none where they are compared within something else."""
    strata = backtest.strata
    return [row.value for row in strata.rows] if strata and strata.by == OWNER else []


def with_owner_names(document: ReportDocument, names: Mapping[str, str]) -> ReportDocument:
    """The document to be shown; `names`: owner id → name, who is not in it stays an id."""
    accounts = tuple(
        account.model_copy(update={"owner": names.get(account.owner or "", account.owner)})
        for account in document.target_accounts
    )
    return document.model_copy(update={"target_accounts": accounts})


def with_strata_names(backtest: BacktestDocument, names: Mapping[str, str]) -> BacktestDocument:
    """The same for a backtest."""
    strata = backtest.strata
    if strata is None or not strata_owner_ids(backtest):
        return backtest
    rows = tuple(row.model_copy(update={"value": names.get(row.value, row.value)}) for row in strata.rows)
    return backtest.model_copy(update={"strata": strata.model_copy(update={"rows": rows})})
