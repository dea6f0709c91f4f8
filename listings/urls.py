from django.urls import path

from listings import api

urlpatterns = [
    path("ipo-candidates", api.Candidates.as_view()),
    path("ipo-candidates/<str:public_id>", api.CandidateDetail.as_view()),
    path("ipo-candidates/<str:public_id>/stages", api.CandidateStages.as_view()),
]
