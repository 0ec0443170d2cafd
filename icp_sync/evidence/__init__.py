"""Whether a profile works: won and lost deals against tiers and fit scores, with honest intervals.

Pure, like `plan`; numpy and scipy come with the extra `evidence`, so nothing else imports this package at start.
"""
