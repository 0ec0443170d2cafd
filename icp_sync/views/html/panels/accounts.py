"""Panel 9: the best target accounts with their reasons, and who moved up and down."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.plan.document.named_companies import Mover, TargetAccount
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html.panels.panel import Panel


@dataclass(frozen=True, slots=True)
class AccountsPanel(Panel):
    """Accounts, best first; those that rise and fall, the largest moves first."""

    accounts: tuple[TargetAccount, ...]
    up: tuple[Mover, ...]
    down: tuple[Mover, ...]


def build(document: ReportDocument) -> AccountsPanel:
    """The companies a page names one by one."""
    accounts, movers = document.target_accounts, document.movers
    return AccountsPanel(
        finding=_finding_sentence(document),
        empty=not (accounts or movers.up or movers.down),
        accounts=accounts,
        up=movers.up,
        down=movers.down,
    )


def _finding_sentence(document: ReportDocument) -> str:
    accounts, movers = document.target_accounts, document.movers
    if not document.is_counted:
        return "Target accounts were not counted for this run."
    if not accounts:
        return "No company is in a tier, so there is no target account to name."
    total = sum(document.tiers.values())
    ownerless = sum(account.owner is None for account in accounts)
    which = f"The best {len(accounts)} of {total:,}" if total > len(accounts) else f"All {len(accounts)}"
    sentence = f"{which} tiered companies" + ("" if document.file else f", {ownerless} of them without an owner")
    return (
        f"{sentence}; {_that(len(movers.up), 'rise')} and {_that(len(movers.down), 'fall')} most."
        if movers.up or movers.down
        else f"{sentence}."
    )


def _that(count: int, verb: str) -> str:
    """`1 that rises`, `4 that fall`."""
    return f"{count} that {verb}{'s' if count == 1 else ''}"
