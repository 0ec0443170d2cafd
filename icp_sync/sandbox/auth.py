"""Access tokens of the portal and the scopes each was granted."""

from collections.abc import Mapping

from icp_sync.sandbox.error_responses import ApiError

FULL_TOKEN = "pat-eu1-sandbox-0000-4000-8000-full"  # noqa: S105 (opens only the sandbox)
EVERY_SCOPE = frozenset(
    {
        "crm.lists.read",
        "crm.lists.write",
        "crm.objects.companies.read",
        "crm.objects.companies.write",
        "crm.objects.contacts.read",
        "crm.objects.deals.read",
        "crm.objects.owners.read",
        "crm.schemas.companies.read",
        "crm.schemas.companies.write",
    }
)
AnyOf = tuple[str, ...]
SENSITIVE = ("sensitive", "highly_sensitive")


def sensitive_reading_scopes(sensitivity: str) -> AnyOf:
    """The scopes any of which shows the values of sensitive company properties, under both names HubSpot gives them."""
    plain = f"crm.objects.companies.{sensitivity}.read"
    return plain, f"{plain}.v2"


def writing_scopes(sensitivity: str) -> AnyOf:
    """The scopes any of which allows such properties to be created."""
    plain = f"crm.objects.companies.{sensitivity}.write"
    return plain, f"{plain}.v2"


def authenticate(authorization: str, tokens: Mapping[str, frozenset[str]]) -> str:
    """The token of an Authorization header; raises a 401 when it is missing or not in `tokens`."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        message = "Authentication credentials not found. This API supports OAuth 2.0 authentication."
        raise ApiError(401, message, "INVALID_AUTHENTICATION")
    if token not in tokens:
        message = "The access token is expired, revoked or was never issued. It is not valid for this API."
        raise ApiError(401, message, "INVALID_AUTHENTICATION")
    return token


def require_scopes(granted: frozenset[str], required: tuple[AnyOf, ...]) -> None:
    """Raise a 403 that names the scopes when none of a group's alternatives is granted."""
    lacking = [scope for group in required if granted.isdisjoint(group) for scope in group]
    if lacking:
        raise ApiError(
            403,
            "This app hasn't been granted all required scopes to make this call.",
            "MISSING_SCOPES",
            errors=[
                {
                    "message": "One or more of the following scopes are required.",
                    "context": {"requiredGranularScopes": lacking},
                }
            ],
        )
