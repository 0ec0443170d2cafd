"""What may be edited in a profile, and what stands there."""

from __future__ import annotations

from icp_sync.profile.edits.values import Value
from icp_sync.profile.findings import Path
from icp_sync.profile.model.profile import Profile


def movable_values(profile: Profile) -> dict[Path, Value]:
    """Every movable place of the profile with the value it has now, in the profile's order; tests are left out.

    A key that the file leaves out has its default: None for `leave`, `capacity` and `at_least` beside `has_any`,
    "unknown" for `missing`, 0.0 for `coverage.minimum`. A criterion or disqualifier itself (the place that None takes
    out) is not listed; it is `path[:2]` of what is inside it.
    """
    raise NotImplementedError
