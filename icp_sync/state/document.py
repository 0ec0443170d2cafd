"""A small JSON document of the state: read whole and checked, replaced whole."""

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
    """A file of one form in every state directory; a missing one is `{}`.

    `afterwards`: what holds once a damaged file is removed. `check` raises ValueError for content no run has written.
    """

    file: str
    form: TypeAdapter[Content]
    afterwards: str
    check: Callable[[Content], None] = lambda _: None

    def load(self, state: StateDirectory) -> Content:
        """What it says. Raises StateUnusable when it is damaged."""
        try:
            content = self.form.validate_json(state.read(self.file) or b"{}")
            self.check(content)
        except ValueError as error:
            path = state.path / self.file
            raise StateUnusable(f"{path} is damaged; remove it ({self.afterwards})") from error
        return content

    def save(self, state: StateDirectory, content: Content) -> None:
        """Let it say `content` from now on, in a form people can read."""
        state.replace(self.file, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
