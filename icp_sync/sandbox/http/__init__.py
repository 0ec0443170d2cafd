"""The portal over HTTP: an ASGI application, its endpoints, and a server on loopback.

Modules, lowest first: `api_types` (one request, one response, one operation), `id_property_lookup` (`idProperty` in
place of a record id), `routes` (HubSpot's operations), `control` (the sandbox's own, under `/sandbox`), `endpoint`
(faults, authentication, limits and scopes around an operation), `app`, `multi_portal_app` (several behind one
address), `server`.
"""
