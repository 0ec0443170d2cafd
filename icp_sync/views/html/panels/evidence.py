"""Panel 14: whether the profile finds the companies that buy."""

from __future__ import annotations

from icp_sync.views.html.panels.panel import Panel


def build() -> Panel:
    """What is known of won and lost deals: nothing, until deals are read."""
    return Panel(
        "Not measured yet on this page: icp-sync backtest holds won and lost deals against the tiers.", empty=True
    )
