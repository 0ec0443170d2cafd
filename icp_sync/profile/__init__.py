"""A profile file: YAML text → a typed, validated `Profile` and its findings. Pure: no portal, no files, no clock.

`load.parse_profile` is the entry: `source` decodes and parses the text with its lines, `shape` validates it against the
pydantic `model`, `semantic` checks what spans several keys, `lint` gives advice. `describe` renders a profile in words,
`digest` fingerprints its rules, `property_reads` lists the properties it needs, `portal_measurements` is what a caller
measures so that `lint` can judge the profile in a portal, `edits` moves values of a profile, in its text too.

Words: a *criterion* is a weighted condition, a *match* the condition's expression, a *leaf* one operator in it; a
*finding* is an error, a warning or a note at a path of the file.
"""
