"""Bytes → a tree with line numbers: encodings are checked, YAML is composed without surprises, scalars stay as written."""
