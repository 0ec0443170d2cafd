"""Edits on a loaded profile → the edited profile, without its text."""

from __future__ import annotations

from icp_sync.profile.edits.values import Edits
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile


def apply_edits(loaded: LoadedProfile, edits: Edits) -> Profile:
    """The profile with these values, validated as a file is: what `edit_text` and `load` would give.

    A criterion taken out leaves `required` too, and tests expect no credit of it any more (one that expected nothing
    else is taken out). Edits inside something taken out have no effect. Raises EditRefused for a place that does not
    exist or is not movable, ProfileInvalid where the edited profile is invalid, with the lines of the file as it is.
    """
    raise NotImplementedError
