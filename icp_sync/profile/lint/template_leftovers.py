"""Leftovers of a shipped template: unchanged rules, owner and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from icp_sync.profile import templates
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.findings import Finding
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.shape.shape_validation import validate_shape
from icp_sync.profile.source.yaml_document import parse_yaml

PLACEHOLDER_OWNER: Final = "revops@example.com"
_EVIDENCE: Final = "placeholder"
_ID: Final = re.compile(r"^  - id: (\w+)$", re.MULTILINE)


def copied_template(profile: Profile, _as_of: object) -> Iterator[Finding]:
    """A profile with an owner does not score exactly as a shipped template."""
    if profile.profile.owner not in {None, PLACEHOLDER_OWNER} and (name := _identical_template(profile)):
        message = f"judges exactly as the shipped template {name}; make it yours, no two companies have the same ICP"
        yield Finding(("criteria",), message)


def template_unchanged(profile: Profile, _as_of: object) -> Iterator[Finding]:
    """A profile without an owner of its own does not score exactly as a shipped template."""
    if profile.profile.owner in {None, PLACEHOLDER_OWNER} and (name := _identical_template(profile)):
        message = f"is the shipped template {name}; make the criteria yours and write who answers for them"
        yield Finding(("profile",), message)


def placeholder_evidence(profile: Profile, _as_of: object) -> Iterator[Finding]:
    """No criterion still has the template's evidence."""
    unwritten = [criterion.id for criterion in profile.criteria if is_placeholder(criterion.evidence or "")]
    if unwritten:
        message = (
            f"the evidence of {', '.join(unwritten)} is the template's; write down what you know of your customers"
        )
        yield Finding(("criteria",), message)


def is_placeholder(evidence: str) -> bool:
    """Whether a criterion's evidence is still the template's own."""
    return evidence.lower().startswith(_EVIDENCE)


def _identical_template(profile: Profile) -> str | None:
    """The name of the shipped template with the same scoring digest; None where there is none."""
    ids = {question.id for question in (*profile.criteria, *profile.disqualifiers)}
    for name in templates.template_names():
        text = templates.template_text(name)
        if set(_ID.findall(text)) == ids:  # parsing the YAML takes a hundred times as long
            shipped, _ = validate_shape(parse_yaml(text).data)
            if shipped and scoring_digest(shipped) == scoring_digest(profile):
                return name
    return None
