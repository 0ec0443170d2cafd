"""The ledger: what was sent to the portal, why, and what came of it, in SQLite or PostgreSQL.

The only room that knows SQLAlchemy and alembic. `Ledger` is the opened database; each other module keeps one kind of
fact in it: runs, batches (the journal), changes, overrides, pins, notices, profile texts, documents, the lease. Every
fault of a database raises StateUnusable with one sentence that names the ledger, never a password. Glossary:
*announce*, commit what is about to be sent; *answer*, commit what came of it; *fence*, the check that a lease holds.
"""
