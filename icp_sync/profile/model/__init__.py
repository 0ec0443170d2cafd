"""The profile as pydantic models: one field for each key of the file, with its help text and bounds.

In: plain data that `source` parses and `shape` validates. Out: frozen values that all other packages take. A model
validates its own keys only; `semantic` checks what needs several at once. Docstrings and descriptions of the models
are published in the JSON Schema.
"""
