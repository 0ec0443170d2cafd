"""A profile and its language in words: sentences for a match, the operator table, the JSON Schema.

All three read what `profile.model` says of its fields, for an operator its `Operator`; nothing is described here.
"""
