"""Fleets: many portals from one file, each worked on by the ordinary command in a process of its own.

Modules, lowest first: `secret_references` (where a secret stands), `model` (the file, and its schema), `load` and
`lint` (text → findings), `outcome` (what came of a portal), `portal_command` (words and environment of a child),
`child_process` and `process_pool` (so many at once), `kubernetes_manifest` (the same as a Kubernetes Job).
"""
