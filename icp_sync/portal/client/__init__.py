"""The HTTP client for HubSpot: routes, rate limit, retries, parsing of responses and errors, pagination.

A `Route` and its arguments enter, parsed JSON or a PortalError leaves. Glossary: *attempt*, one HTTP call;
*call*, an attempt and its retries; *backoff*, how a kind of failure is retried; *call failure*, the parsed cause.
Modules, lowest first: `response_shapes`, `clock`, `timestamps`, `quota_day`, `proxy_and_certificates`,
`ordered_concurrent_map`; `routes`, `rate_limit`, `retry`, `error_details`; `responses`; `success_responses`,
`exception_translation`; `connection`; `offline_connection`, `pagination`.
"""
