"""Renders values for the terminal and as JSON, CSV and Markdown."""
