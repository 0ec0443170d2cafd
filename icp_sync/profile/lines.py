"""The line of every place in a profile file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from icp_sync.profile.problems import Path

_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines (from 1) by path: a key's own line, an item's first one."""

    by_path: Mapping[Path, int]

    def at(self, path: Path) -> int:
        """The line of a place, or of the nearest one around it that the file has."""
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path, 1)

    def line(self, path: str) -> int:
        """The same for a written path such as `criteria[3].match`."""
        return self.at(tuple(int(index) if index else key for index, key in _STEP.findall(path)))
