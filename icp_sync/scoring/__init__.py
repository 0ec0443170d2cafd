"""A company frame and a profile in; credits, fit score, outcome, tier and reasons out. Pure: no file, clock or network.

A leaf bound to its properties is a *predicate*: one Boolean column, null = unknown. Predicates that read the same
properties are a *batch*. All verdicts of a company, packed into integers, are its *signature*. What a criterion makes
of its verdicts is its *answer*, which earns a *credit* of 0 to 1, or null.

`inputs_to_parse` says what is parsed, `operators` hold one expression an operator, `program` compiles a profile
once, and `score` evaluates a frame with it: `verdict_signatures` (each distinct row once), `answers`, `outcome`,
`reasons` (with `reason_facts` and `applicable_phrases`), and last `tier_capacity`, which needs all companies.
`explain` and `list_filter` evaluate the same predicates for few companies; `understood_values`, `unrecognised_values`,
`reading_assumptions` and `foreign_currencies` say how values were read. `shopping_list` says what missing values would
bring: companies counted by what they answer are `answer_patterns`, `purchase_simulation` tries both answers of one of
the `data_purchase_groups` on these.
"""
