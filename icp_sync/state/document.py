"""A small JSON file of the state: read and validated whole, replaced whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson
from pydantic import TypeAdapter

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class JsonFile(Generic[Content]):
    """A JSON file validated by a pydantic adapter; a missing file is `{}`.

    `if_removed`: the consequence of removing a damaged file, for the error message. `check` raises ValueError for
    content that the adapter accepts and no run has written.
    """

    file: str
    adapter: TypeAdapter[Content]
    if_removed: str
    check: Callable[[Content], None] = lambda _: None

    def load(self, directory: StateDirectory) -> Content:
        """Return its content. Raises StateUnusable when it is damaged or unreadable."""
        try:
            content = self.adapter.validate_json(directory.read(self.file) or b"{}")
            self.check(content)
        except ValueError as error:
            path = directory.path / self.file
            raise StateUnusable(f"{path} is damaged; remove it ({self.if_removed})") from error
        return content

    def save(self, directory: StateDirectory, content: Content) -> None:
        """Replace its content, indented and with sorted keys. Raises StateUnusable."""
        directory.replace(self.file, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
