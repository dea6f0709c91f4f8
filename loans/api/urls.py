from django.urls import path

from loans.api import batches, contracts, events, guarantees, reference, rows, webhooks

urlpatterns = [
    path("loan-report-batches", batches.Batches.as_view()),
    path("loan-report-batches/<str:public_id>", batches.OneBatch.as_view()),
    path("loan-report-batches/<str:public_id>/content", batches.Content.as_view()),
    path("loan-report-batches/<str:public_id>/submit", batches.Submit.as_view()),
    path("loan-report-batches/<str:public_id>/cancel", batches.Cancel.as_view()),
    path("loan-report-batches/<str:public_id>/results", rows.Results.as_view()),
    path("contracts", contracts.Contracts.as_view()),
    # A contract number may hold slashes.
    path("contracts/<path:contract_no>/events", contracts.Events.as_view()),
    path("contracts/<path:contract_no>", contracts.OneContract.as_view()),
    path("reporting-calendar", reference.ReportingCalendar.as_view()),
    path("reference/<str:name>", reference.Reference.as_view()),
    path("limits", reference.Limits.as_view()),
    path("events", events.Events.as_view()),
    path("webhook-endpoints", webhooks.Endpoints.as_view()),
    path("webhook-endpoints/<str:public_id>", webhooks.OneEndpoint.as_view()),
    path("webhook-endpoints/<str:public_id>/deliveries", webhooks.Deliveries.as_view()),
    path("webhook-endpoints/<str:public_id>/rotate-secret", webhooks.RotateSecret.as_view()),
    path("webhook-endpoints/<str:public_id>/test", webhooks.Try.as_view()),
    path("guarantees", guarantees.Guarantees.as_view()),
    path("guarantees/<str:public_id>", guarantees.OneGuarantee.as_view()),
    path("guarantees/<str:public_id>/events", guarantees.GuaranteeEvents.as_view()),
]
