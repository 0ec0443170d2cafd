"""Files of companies: a CSV, TSV or Parquet file ↔ company frames, a batch at a time.

In: a path. Out: a `Table`, whose `batches` are frames of at most 250,000 rows with a column for each of the file's, as
they stand in it; `match_columns` says which property each column fills, `batch_to_company_frame` makes a batch the
company frame that scoring takes, and `write_table` writes batches whole or not at all. Memory depends on the width of a
row, never on how many there are. What cannot be used raises TableUnusable with the place and the remedy.

Modules, lowest first: `locations` (a disk or a store), `table` (what a table is), `encoding`, `dialect` (how a text
file is written), `malformed_csv` (the line that breaks one), `delimited_table` and `parquet` (the two kinds of table),
`opening` (which kind a path is), `column_matching` (headers → properties), `blank_rows` (rows that are no companies),
`company_batches` (a batch → company frame), `partition_columns` (columns on a path), `concatenated_tables` and
`source_files` (many files as one table), `table_writing`, `part_folders` and `parquet_parts` (a folder of parts),
`review_sheets`. Glossary: *header*, a column's name as the file writes it, which may occur twice; *position*, the name
of a batch's column: `c0`, `c1`, …
"""
