"""Reading the portal: does it fit the profile (`preflight`), what changed (`portal_sync`), which lists.

In: a connection and the last snapshot. Out: the company frame of every company, what reading it cost, and the snapshot
that the next run starts from.
"""
