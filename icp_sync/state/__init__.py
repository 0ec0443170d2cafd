"""The state between runs: journal of runs, snapshots, lists, quarantine, daily quota, saved plans.

`StateHome` knows where it lies, `StateStore` is that of one profile on one portal; all else is reached through it.

Every file is readable by its owner only and is replaced whole, or appended to line by line; each change is on disk
before the function returns. Every fault raises StateUnusable with the directory and the remedy. Glossary: *journal*,
the write-ahead log; *intent* and *result*, its entries before and after a write; *snapshot*, a portal's companies at
the last extract; *pointer*, the JSON file that names the snapshot's Parquet file; *quarantine*, rejected companies.
"""
