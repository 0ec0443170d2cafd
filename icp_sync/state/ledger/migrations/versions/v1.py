"""The first ledger: `schema.METADATA.create_all` makes new ones, so there is nothing to do from here."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Nothing comes before the first version."""
