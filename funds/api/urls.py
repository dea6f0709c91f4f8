from django.urls import path

from funds.api import capital, deals, funds, holdings, terms

urlpatterns = [
    path("funds", funds.Funds.as_view()),
    path("funds/<str:code>", funds.FundDetail.as_view()),
    path("funds/<str:code>/investors", funds.Investors.as_view()),
    path("funds/<str:code>/events", funds.LedgerEvents.as_view()),
    path("funds/<str:code>/events/<str:event>/reverse", funds.LedgerReversal.as_view()),
    path("funds/<str:code>/events/<str:event>/correct", capital.LedgerCorrection.as_view()),
    path("funds/<str:code>/notices", capital.Notices.as_view()),
    path("funds/<str:code>/transfers", capital.Transfers.as_view()),
    path("funds/<str:code>/accounts", capital.Accounts.as_view()),
    path("funds/<str:code>/roll-forward", capital.RollForwards.as_view()),
    path("funds/<str:code>/terms", terms.Terms.as_view()),
    path("funds/<str:code>/terms/in-force", terms.Agreed.as_view()),
    path("funds/<str:code>/investments", deals.InvestmentsOfFund.as_view()),
    path("funds/<str:code>/holdings", holdings.Holdings.as_view()),
    path("investments", deals.Investments.as_view()),
    path("exits", deals.Exits.as_view()),
    path("write-offs", deals.WriteOffs.as_view()),
    path("receipts", deals.Receipts.as_view()),
    path("holding-events/<str:event>/reverse", deals.DealReversal.as_view()),
    path("holdings", holdings.Holdings.as_view()),
    path("holdings/<str:public_id>", holdings.HoldingDetail.as_view()),
    path("valuations", holdings.Valuations.as_view()),
]
