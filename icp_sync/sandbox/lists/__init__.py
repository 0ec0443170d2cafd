"""Lists: their definitions, folders and members, and the filters that fill the active ones.

Modules, lowest first: `date_filters`, `active_filters` (a `filterBranch` → one Polars expression), `folders`, `lists`,
`static_members`.
"""
