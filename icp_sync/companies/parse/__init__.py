"""Text → values: each property of the company frame is parsed as the kinds of value its rules need.

In: the company frame (Int64 `id`, String columns). Out: the same rows with typed columns beside the texts, named
`<property>:<kind>`; null is unknown, a third truth value. Plain spellings are parsed by Polars over whole columns
(`fast_path`, `numbers.common_amounts`), the rest by Python over distinct texts (`numbers.grammar`, `dates`, `places`).

`parsed_columns` is the entry; `portal_conventions` holds what only the portal knows of its values; `unrecognised`
counts the texts that do not parse, and `suggestions` names the most similar known value.
"""
