"""Loads a fleet file: its portals with what they share, or every error at once."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from icp_sync.errors import FleetInvalid
from icp_sync.fleet.lint import lint_fleet
from icp_sync.fleet.model import Fleet, Portal
from icp_sync.profile.findings import Finding, LineIndex, LocatedFinding, SourceError
from icp_sync.profile.findings import Path as Place
from icp_sync.profile.load import locate_findings
from icp_sync.profile.shape.shape_validation import shape_findings
from icp_sync.profile.source.encoding import decode_checked
from icp_sync.profile.source.literal_tokens import literal_tokens
from icp_sync.profile.source.yaml_document import YamlDocument, parse_yaml

_REMEDY: Final = "save a new one as a file in the secrets directory, and write secret:FILE"


@dataclass(frozen=True, slots=True)
class LoadedFleet:
    """A valid fleet file: its portals in order, each with what `defaults` say, the lines of its parts, its text."""

    portals: tuple[Portal, ...]
    lines: LineIndex
    path: Path
    text: str

    @property
    def folder(self) -> Path:
        """The folder that paths in the file count from, as any process names it, whatever its working directory."""
        return self.path.parent.absolute()

    def finding_at(self, place: Place, message: str) -> LocatedFinding:
        """A finding at a place of the file."""
        (finding,) = locate_findings([Finding(place, message, rule="fleet")], self.lines, str(self.path))
        return finding


def load_fleet(text: str | bytes, path: Path) -> LoadedFleet:
    """Parses and validates a fleet file that lies at `path`, which is not read.

    Raises FleetInvalid with a LocatedFinding for each error, by line. Where a token stands in the clear, only that is
    said: another finding might repeat it.
    """
    try:
        decoded = decode_checked(text)
        if tokens := literal_tokens(decoded, _REMEDY):
            raise _invalid(tokens, LineIndex({}), path)
        document = parse_yaml(decoded)
    except SourceError as error:
        raise _invalid([error.finding], LineIndex({}), path) from None
    fleet, findings = _validate(document)
    if fleet is None or findings:
        raise _invalid(findings, document.lines, path)
    return LoadedFleet(fleet.portals_with_defaults(), document.lines, path, decoded)


def read_fleet(path: Path) -> LoadedFleet:
    """The fleet file at `path`. Raises FleetInvalid, also where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FleetInvalid(
            f"the fleet file {path} cannot be read ({error.strerror}); name another with --fleet"
        ) from error
    return load_fleet(content, path)


def _validate(document: YamlDocument) -> tuple[Fleet | None, list[Finding]]:
    findings = list(document.findings)
    if not isinstance(document.data, dict):
        what = "the file is empty" if document.data is None else "the file is no mapping of keys to values"
        return None, [*findings, Finding((), f"{what}; write portals: and a line for each")]
    try:
        fleet = Fleet.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        shape = shape_findings(error, Fleet)
        return None, [*findings, *(finding for finding in shape if finding.path not in document.nulled)]
    return fleet, [*findings, *lint_fleet(fleet.portals_with_defaults())]


def _invalid(findings: list[Finding], lines: LineIndex, path: Path) -> FleetInvalid:
    problems = locate_findings(findings, lines, str(path))
    count = "one problem" if len(problems) == 1 else f"{len(problems):,} problems"
    return FleetInvalid(
        f"{path} has {count}; correct it and try `icp-sync check --fleet {shlex.quote(str(path))}`", details=problems
    )
