"""What a fleet file says that cannot be: two entries that mean the same, no profile, a secret that is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from icp_sync.errors import SecretMissing
from icp_sync.fleet.model import Portal
from icp_sync.fleet.secret_references import SecretResolver
from icp_sync.profile.findings import Finding

REFERENCES: Final = ("token", "ledger", "notify", "ping")
"""The keys of an entry that refer to a secret."""
_ONCE: Final = {
    "name": "names a portal {value} too; give each a name of its own",
    "portal_id": "is about portal {value} too, and two runs on one portal undo each other; keep one, with all profiles",
    "token": "uses {value} too, so both are about one portal; refer to each portal's own token",
    "state": "keeps its state in {value} too; give each a directory of its own",
    "metrics": "writes {value} too, and only the last would be left; give each a file of its own",
}
"""Key → what is wrong where two entries have the same value."""


def lint_fleet(portals: Sequence[Portal]) -> Iterator[Finding]:
    """What is wrong between the entries, and in each, whatever this machine knows."""
    for key, message in _ONCE.items():
        first: dict[object, int] = {}
        for number, portal in enumerate(portals):
            value = getattr(portal, key)
            earlier = first.setdefault(value, number)
            if value is not None and earlier != number:
                where = f"portals[{earlier}] ({portals[earlier].name}) "
                yield Finding(("portals", number, key), where + message.format(value=value), rule="fleet")
    for number, portal in enumerate(portals):
        if portal.profiles is None:
            advice = "names no profile, and defaults name none; add profiles: [FILE]"
            yield Finding(("portals", number), advice, rule="fleet")


def missing_secrets(portals: Sequence[Portal], vault: SecretResolver) -> Iterator[tuple[int, str, str]]:
    """Of each secret that is missing: the number of the entry, its key, and what to do."""
    reason = _cached_secret_check(vault)
    for number, portal in enumerate(portals):
        for key in REFERENCES:
            reference = getattr(portal, key)
            if reference is not None and (message := reason(reference)):
                yield number, key, message


def repeated_tokens(portals: Sequence[Portal], vault: SecretResolver) -> Iterator[tuple[int, str, str]]:
    """Of each token that an earlier entry has under another reference: the number of the entry, its key, what to do.

    A token opens one portal, so both entries would work on it. No message repeats a token.
    """
    first: dict[str, Portal] = {}
    for number, portal in enumerate(portals):
        try:
            earlier = first.setdefault(vault.resolve(portal.token), portal)
        except SecretMissing:
            continue
        if earlier is not portal:
            advice = f"is the same token as {earlier.token} of {earlier.name}, so both are about one portal"
            yield number, "token", f"{advice}; save this portal's own there, or take out one of the two"


def _cached_secret_check(vault: SecretResolver) -> Callable[[str], str]:
    """Reference → why it leads nowhere, "" where it leads to a secret; each is looked up once."""
    known: dict[str, str] = {}

    def reason(reference: str) -> str:
        if reference not in known:
            try:
                vault.resolve(reference)
                known[reference] = ""
            except SecretMissing as missing:
                known[reference] = missing.message
        return known[reference]

    return reason
