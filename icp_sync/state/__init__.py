"""The state between runs: the ledger, and beside it files: snapshots and saved plans.

What a run sent and what came of it, lists, quarantine and quota are in the ledger (`ledger/`), a SQLite file in the
state directory or PostgreSQL. Every file is readable by its owner only and is replaced whole; each change is on disk
before the function returns. Every fault raises StateUnusable with the place and the remedy. Glossary: *journal*, what
one run announces and answers; *snapshot*, a portal's companies at the last extract; *pointer*, the JSON file that
names the snapshot's Parquet file; *quarantine*, rejected companies.
"""
