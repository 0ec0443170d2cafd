"""Run by alembic: migrates over the connection, and inside the transaction, that the ledger opened."""

from alembic import context

from icp_sync.state.ledger.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
