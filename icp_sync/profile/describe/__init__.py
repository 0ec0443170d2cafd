"""Descriptions of a profile and its language: sentences for a match, the operator table, the JSON Schema."""
