"""The HTTP client for HubSpot: routes, rate limit, retries, parsing of responses and errors, pagination.

A `Route` and its arguments enter, parsed JSON or a PortalError leaves. Glossary: *attempt*, one HTTP call;
*call*, an attempt and its retries; *backoff*, how a kind of failure is retried; *call failure*, the parsed cause.
Modules, lower ones first: routes, clock, quota_day, network; rate_limit, retry, error_details; responses,
exceptions; connection; pagination, concurrency.
"""
