"""Tokens for the systems of institutions: where they are given, and what tells a client how (RFC 6749, 8414, 7517)."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from mirps.base.clients import api as clients
from mirps.base.texts.api import LANGUAGES, say
from mirps.web.pages.page import explained
from mirps.web.pages.throttle import exceeded, spent

_MINUTE = 60


@require_POST
@csrf_exempt
@sensitive_post_parameters()
@sensitive_variables()
def token(request: HttpRequest) -> JsonResponse:
    """A token for a client that proves who it is; else why not, as RFC 6749 (5.2) says it, with words beside."""
    a_minute = clients.terms().a_minute
    if spent(request, "oauth", a_minute["refused"]):
        return _refused(clients.TokenRefused("invalid_client", "too-often"), 429)
    form = {name: values[0] for name, values in request.POST.lists() if len(values) == 1}
    try:
        answer = clients.token(form, request.headers.get("Authorization", ""), at=timezone.now())
    except clients.TokenRefused as refused:
        if refused.error == "invalid_client":
            exceeded(request, "oauth", a_minute["refused"], _MINUTE)
        return _refused(refused, 401 if refused.error == "invalid_client" else 400)
    return _kept(JsonResponse(answer))


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """RFC 8414. The same stands where OpenID Connect looks for it (RFC 8414, section 5): no person signs in here."""
    root = clients.issuer()
    return JsonResponse({
        "issuer": root, "token_endpoint": f"{root}/{clients.TOKEN_PATH}", "jwks_uri": f"{root}/oauth/jwks",
        "grant_types_supported": ["client_credentials"], "response_types_supported": [],
        "scopes_supported": list(clients.terms().scopes),
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic", "client_secret_post"],
        "token_endpoint_auth_signing_alg_values_supported": list(clients.ALGORITHMS),
        "service_documentation": f"{root}/api/institutions/v1/openapi.json", "ui_locales_supported": list(LANGUAGES),
    })  # fmt: skip


@require_safe
def jwks(request: HttpRequest) -> JsonResponse:
    return JsonResponse(clients.jwks(), content_type="application/jwk-set+json")


def _refused(why: clients.TokenRefused, status: int) -> JsonResponse:
    words = {lang: say(why.key, lang, **why.values) for lang in LANGUAGES}
    plain = words["en"].encode("ascii", "ignore").decode().replace('"', "'").replace("\\", "/")
    answer = _kept(JsonResponse({"error": why.error, "error_description": plain, **words}, status=status))
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="mirps"'
    if status == 429:
        answer["Retry-After"] = str(_MINUTE)
    return explained(answer)  # type: ignore[return-value]


def _kept(answer: JsonResponse) -> JsonResponse:
    answer["Cache-Control"], answer["Pragma"] = "no-store", "no-cache"
    return answer


patterns: list[URLPattern] = [
    path(clients.TOKEN_PATH, token, name="oauth-token"),
    path("oauth/jwks", jwks, name="oauth-jwks"),
    path(".well-known/oauth-authorization-server", metadata, name="oauth-metadata"),
    path(".well-known/openid-configuration", metadata, name="openid-metadata"),
]
