"""Work handed to Ray: blocks of a table to score, portals of a fleet to run. The only package that imports Ray.

It comes with the extra `ray`, and is imported where `--engine ray` asks for it. What runs on Ray's workers is this
package and what it is handed: a function that can be pickled, or a command whose secrets are references.

Modules, lowest first: `environment` (set before Ray is imported), `failures` (Ray's errors → one sentence), `session`
(a Ray of our own, or one at an address), `blocks` (how blocks go in and come out of Ray Data), `engine`
(`runs.engine.Engine` by Ray Data), `portals` (a portal's process on a worker).
"""
