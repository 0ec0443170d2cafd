"""The state of a profile that was renamed: it lies beside that of the new name, and nothing else would tell of it."""

from __future__ import annotations

from icp_sync.runs.portal_session import PortalSession
from icp_sync.state.store import StateStore


def describe_former_state(session: PortalSession, store: StateStore) -> str:
    """What to do where this profile never ran here and another did that no file names; "" where there is nothing.

    Raises StateUnusable.
    """
    # By default a profile's name is its directory's, so a renamed one begins anew: its lists and what people set are
    # remembered where no run looks again. One that has run is at home, whatever lies beside it.
    if store.runs.last() is not None:
        return ""
    named = {loaded.profile.name for loaded in session.profiles}
    others = [
        home for home in session.state.other_directories(store.portal_id, store.profile) if home.name not in named
    ]
    if not others:
        return ""
    names = ", ".join(home.name for home in others)
    return (
        f"this profile has not run on portal {store.portal_id} yet, and {names} has; if it was called so, rename "
        f"{others[-1]} to {store.path} before the first run, or its lists and what it remembers stay behind"
    )
