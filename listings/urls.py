from django.urls import path

from listings.api import candidates, figures, procedure

urlpatterns = [
    path("ipo-candidates", candidates.Candidates.as_view()),
    path("ipo-candidates/<str:public_id>", candidates.CandidateDetail.as_view()),
    path("ipo-candidates/<str:public_id>/stages", candidates.CandidateStages.as_view()),
    path("ipo-candidates/<str:public_id>/stages/<str:event>/correct", candidates.StageCorrections.as_view()),
    path("ipo-candidates/<str:public_id>/stages/<str:event>/take-back", candidates.StageTakenBack.as_view()),
    path("ipo-candidates/<str:public_id>/parties", procedure.Parties.as_view()),
    path("ipo-candidates/<str:public_id>/filings", procedure.Filings.as_view()),
    path("ipo-candidates/<str:public_id>/time-limits", procedure.TimeLimits.as_view()),
    path("firms/<str:uscc>/financial-years", figures.Years.as_view()),
    path("firms/<str:uscc>/financial-years/<str:year>/correct", figures.YearCorrections.as_view()),
    path("firms/<str:uscc>/listing-statements", figures.Statements.as_view()),
    path("listing-entries/<str:entry>/take-back", figures.TakingBack.as_view()),
]
