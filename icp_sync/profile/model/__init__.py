"""What a profile says, as pydantic models: one field for each key of the file, with its help text and its bounds.

In: the tree `source` reads and `shape` validates. Out: immutable values that all other layers take. No model looks at
another key than its own; what needs several keys at once is checked in `semantic`.
"""
