"""The account: details, daily usage, the token's own scopes, and the owners."""

from icp_sync.sandbox.error_responses import not_found
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.timestamps import format_iso

OWNER_READ = (("crm.objects.owners.read",),)


def _details(request: ApiRequest) -> ApiResponse:
    portal, offset = request.portal, request.portal.limits.utc_offset()
    minutes = round(offset.total_seconds() / 60)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return ApiResponse(
        {
            "portalId": portal.portal_id,
            "accountType": "STANDARD",
            "timeZone": portal.time_zone,
            "companyCurrency": "EUR",
            "additionalCurrencies": ["USD", "CHF"],
            "utcOffset": f"{sign}{hours:02}:{rest:02}",
            "utcOffsetMilliseconds": minutes * 60_000,
            "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
        }
    )


def _daily_usage(request: ApiRequest) -> ApiResponse:
    limits = request.portal.limits
    usage = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": limits.daily,
        "currentUsage": limits.used_today,
        "collectedAt": format_iso(request.now),
        "fetchStatus": "SUCCESS",
        "resetsAt": format_iso(limits.resets_at()),
    }
    return ApiResponse({"results": [usage]})


def _token_info(request: ApiRequest) -> ApiResponse:
    token = str(request.body().get("tokenKey"))
    if token not in request.portal.tokens:
        raise not_found("No such access token.")
    scopes = sorted(request.portal.tokens[token])
    portal = request.portal
    return ApiResponse({"userId": 1, "hubId": portal.portal_id, "appId": portal.app_id(token), "scopes": scopes})


def _list_owners(request: ApiRequest) -> ApiResponse:
    limit, after, email = (
        request.page_limit(100, 500),
        int(request.query_value("after") or 0),
        request.query_value("email"),
    )
    known = () if request.query_flag("archived") else request.portal.owners  # nobody has left
    owners = [owner for owner in known if owner.id > after and email in (None, owner.email)]
    body: dict[str, object] = {"results": [owner.as_json() for owner in owners[:limit]]}
    if len(owners) > limit:
        body["paging"] = {"next": {"after": str(owners[limit - 1].id if limit else after)}}
    return ApiResponse(body)


def _read_owner(request: ApiRequest) -> ApiResponse:
    by_user = request.query_value("idProperty") == "userId"
    for owner in request.portal.owners:
        if str(owner.user_id if by_user else owner.id) == request.path["ownerId"]:
            return ApiResponse(owner.as_json())
    raise not_found("resource not found")


ACCOUNT = (
    Operation("GET", "/account-info/details", (), _details),
    Operation("GET", "/account-info/api-usage/daily/private-apps", (), _daily_usage),
    Operation("POST", "/oauth/v2/private-apps/get/access-token-info", (), _token_info, versioned=False),
    Operation("GET", "/crm/owners", OWNER_READ, _list_owners),
    Operation("GET", "/crm/owners/{ownerId}", OWNER_READ, _read_owner),
)
