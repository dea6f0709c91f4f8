from django.urls import path

from tasks.api import briefings, fees, figures, lending, waterfall

urlpatterns = [
    path("metrics/<str:period>", figures.Metrics.as_view()),
    path("metric-definitions", figures.Definitions.as_view()),
    path("targets", figures.Targets.as_view()),
    path("targets/<str:code>/reports", figures.TargetReports.as_view()),
    path("limits-of-risk", figures.Rules.as_view()),
    path("limits-of-risk/<str:public_id>/approve", figures.RuleApproval.as_view()),
    path("contracts/<path:contract_no>/schedule", lending.Schedule.as_view()),
    path("funds/<str:code>/waterfall", waterfall.Waterfall.as_view()),
    path("funds/<str:code>/fee-due", fees.FeeDue.as_view()),
    path("warrants", lending.Warrants.as_view()),
    path("briefings", briefings.Briefings.as_view()),
    path("briefings/<str:public_id>", briefings.OneBriefing.as_view()),
    path("briefings/<str:public_id>/take", briefings.Taking.as_view()),
    path("briefings/<str:public_id>/approve", briefings.Approval.as_view()),
    path("briefings/<str:public_id>/file", briefings.BriefingFile.as_view()),
]
