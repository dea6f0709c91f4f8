from django.urls import path

from finance_hub.rest.ground import (
    api_keys,
    closing,
    documentation,
    houses,
    personnel,
    records,
    registry,
    requests,
    whoami,
)

urlpatterns = [
    path("whoami", whoami.Me.as_view()),
    path("problems", documentation.Problems.as_view()),
    path("problems/<str:code>", documentation.OneProblem.as_view()),
    path("openapi.json", documentation.OpenApi.as_view()),
    path("firms", registry.Firms.as_view()),
    path("firms/<str:uscc>", registry.OneFirm.as_view()),
    path("firms/<str:uscc>/names", registry.Names.as_view()),
    path("firms/<str:uscc>/classes", registry.Classes.as_view()),
    path("months", closing.Months.as_view()),
    path("periods/<str:period>/propose-close", closing.ProposeClose.as_view()),
    path("periods/<str:period>/close", closing.Close.as_view()),
    path("organisations", houses.Organisations.as_view()),
    path("persons", personnel.Persons.as_view()),
    path("persons/<str:username>/disable", personnel.Disable.as_view()),
    path("persons/<str:username>/unlock", personnel.Unlock.as_view()),
    path("persons/<str:username>/renew", personnel.Renew.as_view()),
    path("api-keys", api_keys.ApiKeys.as_view()),
    path("api-keys/<str:key_id>/revoke", api_keys.Revoke.as_view()),
    path("audit", records.Trail.as_view()),
    path("jobs", records.Jobs.as_view()),
    path("jobs/<str:job_id>", records.OneJob.as_view()),
    path("request-log", requests.Requests.as_view()),
    path("request-log/<str:request_id>", requests.OneRequest.as_view()),
]
