"""What a portal remembers of companies: property definitions and the records, in columns.

In: checked values. Out: rows, columns of text, definitions. Times are epoch milliseconds.

Modules, lowest first: `definitions`, `standard_properties`, `property_input` (the body of a Properties call → a
definition), `schema`; `values` (what a property accepts); `columns`, `history` (overwritten values, for the lagging
index), `modified_index`, `records`; `merge`, `owners`, `bulk_load` (a frame of companies → records).
"""
