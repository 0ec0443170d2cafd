"""Small JSON documents of a portal: ids of lists, quarantine, quota, sources, ended holds; no update is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from icp_sync.errors import StateUnusable
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.database_errors import LOCKED
from icp_sync.state.ledger.ledger import Ledger

Content = TypeVar("Content")
_DOCUMENT: Final = schema.document
# Hosts that update the same document at once take turns; more attempts mean that something else is wrong.
_MOST_ATTEMPTS: Final = 20


@dataclass(frozen=True, slots=True)
class JsonDocument(Generic[Content]):
    """One document; a missing one is what `adapter` makes of `{}`. Every method raises StateUnusable.

    `if_removed`: the consequence of removing a damaged document, for the error message.
    """

    ledger: Ledger
    portal_id: int
    name: str
    adapter: TypeAdapter[Content]
    if_removed: str

    def load(self) -> Content:
        """Return its content."""
        with self.ledger.read_transaction() as connection:
            _, content = self._load(connection)
        return content

    def update(self, change: Callable[[Content], Content]) -> Content:
        """Replace its content by what `change` makes of it, and return that.

        `change` is called again where another process has replaced the content meanwhile.
        """
        for _ in range(_MOST_ATTEMPTS):
            with self.ledger.write_transaction() as connection:
                version, content = self._load(connection)
                content = change(content)
                if self._replace_if_version(connection, version, self.adapter.dump_python(content, mode="json")):
                    return content
        raise StateUnusable(f"the ledger {self.ledger.name} {LOCKED}")

    def _load(self, connection: Connection) -> tuple[int | None, Content]:
        row = connection.execute(select(_DOCUMENT.c.version, _DOCUMENT.c.body).where(self._own_rows)).first()
        try:
            return row and row.version, self.adapter.validate_python(row.body if row else {})
        except ValueError:
            raise StateUnusable(
                f"the document {self.name} in the ledger {self.ledger.name} is damaged; delete that row of the table "
                f"document ({self.if_removed})"
            ) from None

    def _replace_if_version(self, connection: Connection, version: int | None, body: Any) -> bool:
        """Whether nobody has replaced the content since it was of `version` (None: missing)."""
        if version is not None:
            newer = update(_DOCUMENT).where(self._own_rows, _DOCUMENT.c.version == version)
            return connection.execute(newer.values(body=body, version=version + 1)).rowcount == 1
        first = insert(_DOCUMENT).values(portal_id=self.portal_id, name=self.name, body=body, version=1)
        try:
            with connection.begin_nested():
                connection.execute(first)
        except IntegrityError:
            return False
        return True

    @property
    def _own_rows(self) -> ColumnElement[bool]:
        return and_(_DOCUMENT.c.portal_id == self.portal_id, _DOCUMENT.c.name == self.name)
