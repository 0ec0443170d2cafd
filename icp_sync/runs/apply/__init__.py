"""Carrying a plan out: missing properties are created, companies written batch by batch, lists brought up to date.

Each batch is journalled before it is sent (announced) and after it is answered, so that the next run can tell
what a run that died left behind (`recover`).
"""
