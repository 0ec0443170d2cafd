"""The search endpoint: from a request body to one page of hits.

Modules, lowest first: `search_request` (the checked request), `typed_columns` (records as frames of typed columns),
`filter_expr` (a query → one Polars expression), `engine` (the lagging index, the order, the ceiling of 10,000).
"""
