"""Loads a profile file's text: a valid profile with warnings, or every error at once."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from icp_sync.errors import ProfileInvalid
from icp_sync.profile.digest import file_digest, scoring_digest
from icp_sync.profile.findings import Finding, LineIndex, LocatedFinding, SourceError, dotted_path
from icp_sync.profile.lint import lint_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.semantic import semantic_problems
from icp_sync.profile.semantic.partial_profile import drop_invalid_values
from icp_sync.profile.shape.shape_validation import validate_shape
from icp_sync.profile.source.encoding import decode_checked
from icp_sync.profile.source.literal_tokens import literal_tokens
from icp_sync.profile.source.yaml_document import YamlDocument, parse_yaml

_NAME: Final = (("profile",), ("profile", "name"))


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A valid profile, the lines of its parts, warnings about it, and the `text` it was read from.

    `digest` covers the scoring rules and is written to companies; `file_digest` covers everything but comments.
    `data` is the text as plain data: what the profile was made of.
    """

    profile: Profile
    data: Mapping[str, object]
    lines: LineIndex
    warnings: tuple[LocatedFinding, ...]
    digest: str
    file_digest: str
    file: str
    text: str

    def locate(self, findings: Iterable[Finding]) -> tuple[LocatedFinding, ...]:
        """Adds file and line to findings about this profile; sorted by line."""
        return locate_findings(findings, self.lines, self.file)


def parse_profile(text: str | bytes, file: str) -> LoadedProfile:
    """Parses and validates a profile; `file` is only its name in messages.

    Raises ProfileInvalid with a LocatedFinding for each error, by line; a syntax error comes alone.
    """
    decoded, document = _parse_document(text, file)
    profile, warnings = validate_document(document, file)
    data = document.data if isinstance(document.data, dict) else {}
    digests = scoring_digest(profile), file_digest(profile)
    return LoadedProfile(profile, data, document.lines, warnings, *digests, file, decoded)


def parse_profile_name(text: str | bytes, file: str) -> str:
    """The name of a profile that may be invalid otherwise. Raises ProfileInvalid as `load` does for one without."""
    _, document = _parse_document(text, file)
    profile, findings = _validate(document)
    if profile is not None:
        return profile.name
    match document.data:
        case {"profile": {"name": str(name)}} if not any(finding.path in _NAME for finding in findings):
            return name
    raise _profile_invalid(locate_findings(findings, document.lines, file), file)


def _parse_document(text: str | bytes, file: str) -> tuple[str, YamlDocument]:
    try:
        decoded = decode_checked(text)
        if tokens := literal_tokens(decoded, "and set a new one as HUBSPOT_ACCESS_TOKEN"):
            # Alone, since another finding might repeat one.
            raise _profile_invalid(locate_findings(tokens, LineIndex({}), file), file)
        return decoded, parse_yaml(decoded)
    except SourceError as error:
        raise _profile_invalid(locate_findings([error.finding], LineIndex({}), file), file) from error


def validate_document(document: YamlDocument, file: str) -> tuple[Profile, tuple[LocatedFinding, ...]]:
    """The profile of a parsed document and the warnings about it. Raises ProfileInvalid as `load` does."""
    profile, findings = _validate(document)
    if profile is None:
        raise _profile_invalid(locate_findings(findings, document.lines, file), file)
    return profile, locate_findings([*findings, *lint_profile(profile)], document.lines, file)


def _validate(document: YamlDocument) -> tuple[Profile | None, list[Finding]]:
    """The profile and its warnings, or None and every error."""
    profile, shape = validate_shape(document.data)
    findings = [*document.findings, *(finding for finding in shape if finding.path not in document.nulled)]
    if isinstance(document.data, dict):
        refused = frozenset({*document.nulled, *(finding.path for finding in shape)})
        findings += semantic_problems(drop_invalid_values(document.data, refused))
    errors = [finding for finding in findings if finding.severity == "error"]
    return (None, errors) if errors else (profile, findings)


def locate_findings(findings: Iterable[Finding], lines: LineIndex, file: str) -> tuple[LocatedFinding, ...]:
    """The distinct findings with their line in `file`, its name in messages; sorted by line."""
    unique = {
        LocatedFinding(
            file,
            finding.line or lines.line_of_path(finding.path),
            dotted_path(finding.path),
            finding.message,
            finding.severity,
            finding.rule,
        )
        for finding in findings
    }
    return tuple(sorted(unique, key=lambda problem: (problem.line, problem.path, problem.message)))


def _profile_invalid(problems: tuple[LocatedFinding, ...], file: str) -> ProfileInvalid:
    count = "one problem" if len(problems) == 1 else f"{len(problems):,} problems"
    return ProfileInvalid(
        f"{file} has {count}; correct it and try `icp-sync check --profile {shlex.quote(file)}`", details=problems
    )
