"""A run says whether it was about some companies only; until now only the overrides of an undo told."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the column, and mark the undos that were asked for companies by name."""
    op.add_column("run", sa.Column("of_some", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE run SET of_some = true WHERE run_id IN (SELECT found_by FROM override WHERE kind = 'undo')")
