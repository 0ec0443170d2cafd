"""What a portal remembers of companies: property definitions and the records, in columns.

In: checked values. Out: rows, columns of text, definitions. Times are epoch milliseconds.

Modules, lowest first: `object_types` (companies, deals, contacts), `property_definition`, `standard_properties`,
`property_input` (the body of a Properties call → a definition), `value_checks` (what a property accepts),
`property_schema`; `edited_column`, `search_lag_values` (for the lagging index), `modified_index`, `history_sources`,
`property_history`, `record_states`, `records`; `associations`, `company_merge`, `owners`, `bulk_load` (a frame of
companies → records).
"""
