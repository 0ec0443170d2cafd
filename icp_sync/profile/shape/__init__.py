"""Validates plain data against the pydantic models; errors are worded for people and suggest the intended key."""
