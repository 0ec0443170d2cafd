"""The account: details, daily usage, the token's own scopes, and the owners."""

from icp_sync.sandbox.http.messages import Call, Operation, Reply
from icp_sync.sandbox.refusals import missing
from icp_sync.sandbox.timestamps import iso

OWNER_READ = (("crm.objects.owners.read",),)


def _details(call: Call) -> Reply:
    portal, offset = call.portal, call.portal.limits.offset()
    minutes = round(offset.total_seconds() / 60)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return Reply(
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


def _daily_usage(call: Call) -> Reply:
    limits = call.portal.limits
    usage = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": limits.daily,
        "currentUsage": limits.used_today,
        "collectedAt": iso(call.now),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(limits.resets_at()),
    }
    return Reply({"results": [usage]})


def _token_info(call: Call) -> Reply:
    token = str(call.body().get("tokenKey"))
    if token not in call.portal.tokens:
        raise missing("No such access token.")
    scopes = sorted(call.portal.tokens[token])
    return Reply({"userId": 1, "hubId": call.portal.portal_id, "appId": 1, "scopes": scopes})


def _list_owners(call: Call) -> Reply:
    limit, after, email = call.limit(100, 500), int(call.asked("after") or 0), call.asked("email")
    owners = [owner for owner in call.portal.owners if owner.id > after and email in (None, owner.email)]
    body: dict[str, object] = {"results": [owner.shown() for owner in owners[:limit]]}
    if len(owners) > limit:
        body["paging"] = {"next": {"after": str(owners[limit - 1].id if limit else after)}}
    return Reply(body)


def _read_owner(call: Call) -> Reply:
    by_user = call.asked("idProperty") == "userId"
    for owner in call.portal.owners:
        if str(owner.user_id if by_user else owner.id) == call.path["ownerId"]:
            return Reply(owner.shown())
    raise missing("resource not found")


ACCOUNT = (
    Operation("GET", "/account-info/details", (), _details),
    Operation("GET", "/account-info/api-usage/daily/private-apps", (), _daily_usage),
    Operation("POST", "/oauth/v2/private-apps/get/access-token-info", (), _token_info, versioned=False),
    Operation("GET", "/crm/owners", OWNER_READ, _list_owners),
    Operation("GET", "/crm/owners/{ownerId}", OWNER_READ, _read_owner),
)
