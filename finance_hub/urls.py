"""Every route. API views declare their operations; pages declare theirs in finance_hub.web."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.i18n import set_language

from finance_hub.rest import health, metrics, missing

#: Figures stand before loans, whose contract numbers may hold slashes.
API = ("finance_hub.rest.ground.urls", "funds.api.urls", "tasks.api.urls", "loans.api.urls", "listings.urls")

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.show),
    path("api/v1/", include([path("", include(routes)) for routes in API])),
    re_path(r"^api(?:/|$)", missing.show),
    path("language", set_language, name="set_language"),
    path("", include("finance_hub.web.urls")),
]

handler403 = "finance_hub.web.failures.forbidden"
handler404 = "finance_hub.web.failures.not_found"
handler500 = "finance_hub.web.failures.broken"
