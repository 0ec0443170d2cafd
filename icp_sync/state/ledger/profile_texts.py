"""Texts of profiles that runs stood for, so that a later run can score by the old one again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, insert, select

from icp_sync.state.ledger import schema
from icp_sync.state.ledger.ledger import Ledger

_TEXT: Final = schema.profile_text


@dataclass(frozen=True, slots=True)
class ProfileText:
    """A profile file. `whole`: digest of the file; `digest`: of what it means for scoring, as stamps name it."""

    whole: str
    digest: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ProfileTextStore:
    """The profile texts of a ledger. Every method raises StateUnusable when the ledger cannot be used."""

    ledger: Ledger

    def save(self, profile: ProfileText) -> None:
        """Save a text unless it is known."""
        values = {"whole": profile.whole, "digest": profile.digest, "name": profile.name, "text": profile.text}
        with self.ledger.write_transaction() as connection:
            if connection.execute(select(_TEXT.c.whole).where(_TEXT.c.whole == profile.whole)).first() is None:
                connection.execute(insert(_TEXT).values(values))

    def find_by_file_digest(self, whole: str) -> ProfileText | None:
        """The profile of that file digest; None where it is unknown."""
        return self._find_first(_TEXT.c.whole == whole)

    def find_by_digest(self, name: str, digest: str) -> ProfileText | None:
        """A profile of that name and digest, which scores like every other of them; None where it is unknown."""
        return self._find_first((_TEXT.c.name == name) & (_TEXT.c.digest == digest))

    def _find_first(self, condition: ColumnElement[bool]) -> ProfileText | None:
        query = select(_TEXT.c.whole, _TEXT.c.digest, _TEXT.c.name, _TEXT.c.text).where(condition)
        with self.ledger.read_transaction() as connection:
            row = connection.execute(query.order_by(_TEXT.c.whole).limit(1)).first()
        return None if row is None else ProfileText(*row)
