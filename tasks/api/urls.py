from django.urls import path

from tasks.api import briefings, equivalents, figures, indices, lending, outlook, waterfall

urlpatterns = [
    path("metrics/<str:period>", figures.Metrics.as_view()),
    path("metric-definitions", figures.Definitions.as_view()),
    path("targets", figures.Targets.as_view()),
    path("targets/<str:code>/reports", figures.TargetReports.as_view()),
    path("limits-of-risk", figures.Rules.as_view()),
    path("limits-of-risk/<str:public_id>/approve", figures.RuleApproval.as_view()),
    path("contracts/<path:contract_no>/schedule", lending.Schedule.as_view()),
    path("funds/<str:code>/waterfall", waterfall.Waterfall.as_view()),
    path("indices", indices.Indices.as_view()),
    path("indices/<str:code>/levels", indices.IndexLevels.as_view()),
    path("funds/<str:code>/benchmarks", indices.Benchmarks.as_view()),
    path("funds/<str:code>/pme", equivalents.PublicMarketEquivalents.as_view()),
    path("funds/<str:code>/j-curve", equivalents.JCurves.as_view()),
    path("funds/<str:code>/pacing-assumptions", outlook.Assumptions.as_view()),
    path("funds/<str:code>/forecast", outlook.Forecasts.as_view()),
    path("warrants", lending.Warrants.as_view()),
    path("briefings", briefings.Briefings.as_view()),
    path("briefings/<str:public_id>", briefings.OneBriefing.as_view()),
    path("briefings/<str:public_id>/take", briefings.Taking.as_view()),
    path("briefings/<str:public_id>/approve", briefings.Approval.as_view()),
    path("briefings/<str:public_id>/file", briefings.BriefingFile.as_view()),
]
