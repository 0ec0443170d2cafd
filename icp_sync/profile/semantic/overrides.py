"""Overrides: they are about the tier and the target flag, and need the stamp that tells our values from others'."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding
from icp_sync.profile.semantic.partial_profile import PartialProfile


def overrides_have_something_to_keep(draft: PartialProfile) -> Iterator[Finding]:
    """Only a profile that writes a tier or a target flag says what becomes of those that others set."""
    refused = any(path[:1] == ("write",) for path in draft.refused)
    if "overrides" in draft.data and not refused and not {"tier", "target_account"} & draft.write.properties().keys():
        message = "keeps tiers and target flags that others set, and this profile writes neither; remove it"
        yield Finding(("overrides",), message)


def overrides_need_provenance(draft: PartialProfile) -> Iterator[Finding]:
    """Keeping others' values needs the output `profile`, which tells our values from others'."""
    given, written = draft.data.get("overrides"), draft.write.properties()
    keeps = isinstance(given, dict) and {given.get("people"), given.get("automation")} != {"put_back"}
    if keeps and written and "profile" not in written and ("write", "profile") not in draft.refused:
        message = "needs the output profile, which tells our values from others'; add profile: icp_fit_profile to write"
        yield Finding(("overrides",), message)
