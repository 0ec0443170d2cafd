"""Text → values: each property of the company frame is parsed as the kinds of value its rules need.

In: the company frame (Int64 `id`, String columns). Out: the same rows with typed columns beside the texts, named
`<property>:<kind>`; null is unknown, which is an answer of its own. Plain spellings are parsed by Polars over whole
columns (`text`, `numbers.amounts`), odd ones by Python over distinct texts (`numbers.grammar`, `dates`, `places`).

`parse` is the entry; `conventions` is what only the portal knows of its values; `unrecognised` counts what nobody
could read, and `suggest` names the known value that was probably meant.
"""
