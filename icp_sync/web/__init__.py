"""The what-if page: a server on this machine's loopback address for one person, one profile and one snapshot.

`server` opens the port and ends it, `guard` refuses whoever is not that person, `routes` answer, `workbench` holds the
companies ready to be judged, and `turns` sees to it that only the newest question is worked out. What a page shows is
drawn by `views/html/tune`; nothing here speaks to HubSpot or knows the token.
"""
