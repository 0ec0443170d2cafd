"""What a portal remembers of companies: property definitions and the records, in columns.

In: checked values. Out: rows, columns of text, definitions. Times are epoch milliseconds.

Modules, lowest first: `definitions`, `standard_properties`, `property_input` (the body of a Properties call → a
definition), `schema`; `value_checks` (what a property accepts); `edited_column`, `search_lag_values` (for the
lagging index), `modified_index`, `records`; `company_merge`, `owners`, `bulk_load` (a frame of companies → records).
"""
