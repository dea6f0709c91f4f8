"""Every route. API views declare their operations; pages declare theirs in finance_hub.web."""

from __future__ import annotations

from django.urls import include, path

from finance_hub.rest import health, metrics

API = ("finance_hub.rest.ground.urls", "funds.api.urls", "loans.api.urls", "listings.urls", "tasks.api.urls")

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.show),
    path("api/v1/", include([path("", include(routes)) for routes in API])),
    path("", include("finance_hub.web.urls")),
]
