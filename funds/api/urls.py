from django.urls import path

from funds.api import deals, documents, funds, holdings, pipeline

urlpatterns = [
    path("funds", funds.Funds.as_view()),
    path("funds/<str:code>", funds.FundDetail.as_view()),
    path("funds/<str:code>/investors", funds.Investors.as_view()),
    path("funds/<str:code>/events", funds.LedgerEvents.as_view()),
    path("funds/<str:code>/events/<str:event>/reverse", funds.LedgerReversal.as_view()),
    path("funds/<str:code>/investments", deals.InvestmentsOfFund.as_view()),
    path("funds/<str:code>/holdings", holdings.Holdings.as_view()),
    path("funds/<str:code>/pipeline", pipeline.Pipeline.as_view()),
    path("deals", pipeline.Deals.as_view()),
    path("deals/<str:public_id>", pipeline.OneDeal.as_view()),
    path("deals/<str:public_id>/steps", pipeline.Steps.as_view()),
    path("deals/<str:public_id>/payments", pipeline.Payments.as_view()),
    path("deals/<str:public_id>/documents", documents.Documents.as_view()),
    path("deals/<str:public_id>/documents/<str:document>/content", documents.DocumentContent.as_view()),
    path("investments", deals.Investments.as_view()),
    path("exits", deals.Exits.as_view()),
    path("write-offs", deals.WriteOffs.as_view()),
    path("holding-events/<str:event>/reverse", deals.DealReversal.as_view()),
    path("holdings", holdings.Holdings.as_view()),
    path("holdings/<str:public_id>", holdings.HoldingDetail.as_view()),
    path("valuations", holdings.Valuations.as_view()),
]
