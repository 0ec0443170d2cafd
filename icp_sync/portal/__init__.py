"""Everything that calls HubSpot; the only package that imports its client library.

`client` sends calls; `companies` reads and writes companies as Polars frames; `properties`, `lists` and `account`
cover the other objects. Every failure is an `icp_sync.errors.PortalError`, retried before where it may pass.
"""
