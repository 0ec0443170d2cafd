"""Bytes → a tree with line numbers: encodings are checked, YAML composed without surprises, scalars kept as written."""
