"""Reads and writes of company records as the objects API answers them.

In: ids, property names and values as a client sent them. Out: the JSON of the v3 responses, partial batch errors
included. Knows no HTTP and no tokens.

Modules, lowest first: `page_order` (order and cursors of the list endpoint), `record_reads`, `record_writes`.
"""
