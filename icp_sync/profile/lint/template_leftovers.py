"""Templates are to start from: what of a shipped profile is still as we shipped it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from icp_sync.profile import templates
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.findings import Finding
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.shape.shape import validate_shape
from icp_sync.profile.source.yaml import tree

PLACEHOLDER_OWNER: Final = "revops@example.com"
_EVIDENCE: Final = "placeholder"
_ID: Final = re.compile(r"^  - id: (\w+)$", re.MULTILINE)


def copied_template(profile: Profile, _as_of: object) -> Iterator[Finding]:
    """Somebody answers for a profile that is somebody else's ICP, rule by rule."""
    if profile.profile.owner not in {None, PLACEHOLDER_OWNER} and (name := _same_as(profile)):
        message = f"judges exactly as the shipped template {name}; make it yours, no two companies have the same ICP"
        yield Finding(("criteria",), message)


def template_unchanged(profile: Profile, _as_of: object) -> Iterator[Finding]:
    """A template nobody answers for yet."""
    if profile.profile.owner in {None, PLACEHOLDER_OWNER} and (name := _same_as(profile)):
        message = f"is the shipped template {name}; make the criteria yours and write who answers for them"
        yield Finding(("profile",), message)


def placeholder_evidence(profile: Profile, _as_of: object) -> Iterator[Finding]:
    """Evidence that only says where a template comes from."""
    waiting = [one.id for one in profile.criteria if (one.evidence or "").lower().startswith(_EVIDENCE)]
    if waiting:
        message = f"the evidence of {', '.join(waiting)} is the template's; write down what you know of your customers"
        yield Finding(("criteria",), message)


def _same_as(profile: Profile) -> str | None:
    """The shipped template that scores every company alike."""
    ids = {question.id for question in (*profile.criteria, *profile.disqualifiers)}
    for name in templates.names():
        text = templates.text(name)
        if set(_ID.findall(text)) == ids:  # reading all of YAML takes a hundred times as long
            shipped, _ = validate_shape(tree(text).data)
            if shipped and scoring_digest(shipped) == scoring_digest(profile):
                return name
    return None
