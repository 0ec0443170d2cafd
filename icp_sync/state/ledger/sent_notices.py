"""The last message sent about each topic, so that an unchanged state is not told every night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, select

from icp_sync.plan.notices_to_send import SentNotice, TopicName
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.ledger import Ledger

_NOTICE: Final = schema.notice


@dataclass(frozen=True, slots=True)
class SentNoticeStore:
    """The notices of one profile on one portal. Both methods raise StateUnusable when the ledger cannot be used."""

    ledger: Ledger
    portal_id: int
    profile: str

    def last_notices(self) -> dict[TopicName, SentNotice]:
        """Topic → the last message about it that was delivered."""
        query = select(_NOTICE.c.topic, _NOTICE.c.state, _NOTICE.c.fingerprint, _NOTICE.c.sent_at)
        query = query.where(_NOTICE.c.portal_id == self.portal_id, _NOTICE.c.profile == self.profile)
        with self.ledger.read_transaction() as connection:
            return {topic: SentNotice(*sent) for topic, *sent in connection.execute(query)}

    def save(self, topic: TopicName, notice: SentNotice) -> None:
        """Remember a message that was delivered, in place of the last one about its topic."""
        key = {"portal_id": self.portal_id, "profile": self.profile, "topic": topic}
        facts = {"state": notice.state, "fingerprint": notice.fingerprint, "sent_at": notice.sent_at}
        with self.ledger.write_transaction() as connection:
            connection.execute(delete(_NOTICE).filter_by(**key))
            connection.execute(insert(_NOTICE).values(key | facts))
