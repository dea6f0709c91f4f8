from django.urls import path

from loans.api import agreements, batches, claims, contracts, guarantees, net_assets, pools, reference, rows

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
    path("guarantees", guarantees.Guarantees.as_view()),
    path("guarantees/<str:public_id>", guarantees.OneGuarantee.as_view()),
    path("guarantees/<str:public_id>/events", guarantees.GuaranteeEvents.as_view()),
    path("guarantees/<str:public_id>/events/<str:event>/reverse", guarantees.EventReversal.as_view()),
    path("guarantees/<str:public_id>/claims", claims.Claims.as_view()),
    path("guarantees/<str:public_id>/claims/<str:claim>/reverse", claims.ClaimReversal.as_view()),
    path("guarantees/<str:public_id>/recoveries", claims.Recoveries.as_view()),
    path("guarantees/<str:public_id>/recoveries/<str:recovery>/reverse", claims.RecoveryReversal.as_view()),
    path("agreements", agreements.Agreements.as_view()),
    path("agreements/<str:code>", agreements.OneAgreement.as_view()),
    path("agreements/<str:code>/terms", agreements.TermsVersions.as_view()),
    path("agreements/<str:code>/terms/<str:version>/approve", agreements.TermsApproval.as_view()),
    path("risk-pools", pools.Pools.as_view()),
    path("risk-pools/<str:code>", pools.OnePool.as_view()),
    path("risk-pools/<str:code>/limits", pools.Limits.as_view()),
    path("risk-pools/<str:code>/limits/<str:version>/approve", pools.LimitsApproval.as_view()),
    path("risk-pools/<str:code>/events", pools.PoolEvents.as_view()),
    path("risk-pools/<str:code>/events/<str:event>/reverse", pools.PoolEventReversal.as_view()),
    path("net-assets", net_assets.NetAssetsReports.as_view()),
]
