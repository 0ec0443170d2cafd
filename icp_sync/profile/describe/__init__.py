"""A profile and its language in words: sentences for a match, the table of operators, the JSON Schema for editors."""
