"""The operators of a match as the table of the documentation."""

from __future__ import annotations

from icp_sync.profile.model.match import OPERATORS


def operators_table() -> str:
    """The operators as the Markdown table of `docs/reference/operators.md`."""
    head = ("operator", "reads", "hit when", "unknown when")
    rows = [
        (f"`{name}: {operator.example}`", operator.group.reads, operator.hit, operator.group.unknown)
        for name, operator in OPERATORS.items()
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
