"""What a fleet remembers from run to run: the portals that did not end well, and the last message about them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson
from pydantic import TypeAdapter, ValidationError

from icp_sync.files import make_private_folder
from icp_sync.plan.notices_to_send import SentNotice, TopicName
from icp_sync.state.directory import StateDirectory, translate_os_errors

SENT_FILE: Final = "sent.json"
PORTALS: Final = "portals"


@dataclass(frozen=True, slots=True)
class FailedPortal:
    """How a portal's last run ended that did not end well."""

    exit_code: int
    reason: str


_SENT: Final = TypeAdapter(dict[TopicName, SentNotice])
_FAILED: Final = TypeAdapter(FailedPortal)


@dataclass(frozen=True, slots=True)
class FleetMemory:
    """The memory of one fleet file, in a folder of its own.

    A file for each portal: a run works on some of them, and pods that each work on one do so at the same time.
    """

    folder: Path

    def last_notices(self) -> Mapping[TopicName, SentNotice]:
        """Topic → the last message that was delivered; none where the file is none of ours. Raises StateUnusable."""
        content = StateDirectory(self.folder).read(SENT_FILE)
        try:
            return {} if content is None else _SENT.validate_json(content)
        except ValidationError:
            # One message too many is better than none: nobody would hear that a night failed.
            return {}

    def save(self, topic: TopicName, notice: SentNotice) -> None:
        """Remember a message that was delivered. Raises StateUnusable."""
        sent = {name: asdict(earlier) for name, earlier in self.last_notices().items()} | {topic: asdict(notice)}
        self._write(SENT_FILE, sent)

    def remember_portals(self, ended: Mapping[str, FailedPortal | None]) -> None:
        """Remember how portals ended, None: well; others stay as they are. Raises StateUnusable."""
        known, directory = self.failed_portals(), StateDirectory(self.folder)
        directory.remove(_portal_file(name) for name in known if name in ended and ended[name] is None)
        for name, failed in ended.items():
            if failed is not None and failed != known.get(name):
                self._write(_portal_file(name), asdict(failed))

    def failed_portals(self) -> dict[str, FailedPortal]:
        """Portal → how it ended, of those that did not end well. Raises StateUnusable."""
        directory = StateDirectory(self.folder)
        failed: dict[str, FailedPortal] = {}
        for name in directory.file_names(PORTALS):
            # A pod whose portal is well again may remove it in between.
            content = directory.read(name) if name.endswith(".json") else None
            if content is not None:
                failed[Path(name).stem] = _parse_failed_portal(content)
        return failed

    def _write(self, name: str, content: object) -> None:
        file = self.folder / name
        with translate_os_errors(self.folder):
            make_private_folder(file.parent)
        StateDirectory(self.folder).replace(name, orjson.dumps(content))


def fleet_memory(file: Path, root: Path) -> FleetMemory:
    """The memory of a fleet file below `root`, where its portals have their state directories."""
    # As it is named, not where links lead: Kubernetes mounts each new version of a file elsewhere behind one link.
    digest = hashlib.sha256(os.fsencode(file.absolute())).hexdigest()
    # No portal's name has a dot, so no state directory lies there.
    return FleetMemory(root / f"notices.{digest[:12]}")


def _portal_file(name: str) -> str:
    return f"{PORTALS}/{name}.json"


def _parse_failed_portal(content: bytes) -> FailedPortal:
    try:
        return _FAILED.validate_json(content)
    except ValidationError:
        return FailedPortal(1, "unknown")
