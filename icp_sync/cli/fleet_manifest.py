"""`icp-sync fleet manifest`: the fleet as objects of Kubernetes, in YAML."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from icp_sync import __version__
from icp_sync.cli.options import CommonOptions
from icp_sync.cli.output import print_text
from icp_sync.cli.profile_loading import load_profile
from icp_sync.fleet.kubernetes_manifest import NAME, CronJobSettings, fleet_manifest, relative_profiles
from icp_sync.fleet.load import LoadedFleet
from icp_sync.fleet.portal_command import profile_paths

_HEAD: Final = """\
# A fleet of {count} portals by Kubernetes (1.33 or newer), from {file}; make it anew whenever that changes.
#
#   kubectl create secret generic {name} {sources}
#   icp-sync fleet manifest --fleet {file} | kubectl apply -f -
#
# An index is a portal. Pods share the ledger, and a volume of snapshots whose storage class many machines can write.
"""


def print_manifest(fleet: LoadedFleet, at_once: int, image: str | None, cron: str) -> int:
    """Print the manifest. Raises UsageError where the fleet does not fit pods, ProfileInvalid for a bad profile."""
    schedule = CronJobSettings(cron, image or f"icp-sync:{__version__}", at_once)
    paths = [path for portal in fleet.portals for path in profile_paths(portal, fleet.folder)]
    files = CommonOptions(tuple(dict.fromkeys(paths)), None, as_json=False, quiet=False).profile_files
    profiles = {path: load_profile(file).text for path, file in relative_profiles(fleet, files).items()}
    objects = fleet_manifest(fleet, profiles, schedule)
    print_text(_header_comment(fleet) + "---\n".join(map(_yaml, objects)).rstrip("\n"))
    return 0


def _header_comment(fleet: LoadedFleet) -> str:
    sources = " ".join(f"--from-file={name}=PATH" for name in _secret_keys(fleet))
    return _HEAD.format(count=len(fleet.portals), file=fleet.path, name=NAME, sources=sources)


def _secret_keys(fleet: LoadedFleet) -> Iterator[str]:
    """The keys the Secret needs: a file or a variable each."""
    references = [
        reference
        for portal in fleet.portals
        for reference in (portal.token, portal.ledger, portal.notify, portal.ping)
        if reference
    ]
    yield from dict.fromkeys(reference.partition(":")[2] for reference in references)


def _yaml(part: dict[str, Any]) -> str:
    writer, text = YAML(), io.StringIO()
    writer.width = 10_000
    writer.dump(_with_literal_blocks(part), text)
    return text.getvalue()


def _with_literal_blocks(value: Any) -> Any:
    """Texts of several lines as they stand, so that a profile can be read in the manifest too."""
    if isinstance(value, dict):
        return {key: _with_literal_blocks(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_literal_blocks(inner) for inner in value]
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value
