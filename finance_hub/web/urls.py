"""The pages. Each view declares its action, or that it is for anybody."""

from django.urls import path

from finance_hub.web.views import account, briefings, firms, login, overview

app_name = "web"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("login", login.login, name="login"),
    path("logout", login.logout, name="logout"),
    path("account", account.account, name="account"),
    path("firms", firms.firms, name="firms"),
    path("firms/<str:uscc>", firms.firm, name="firm"),
    path("briefings", briefings.briefings, name="briefings"),
    path("briefings/<str:public_id>", briefings.briefing, name="briefing"),
    path("briefings/<str:public_id>/preview", briefings.preview, name="briefing_preview"),
    path("briefings/<str:public_id>/file", briefings.file, name="briefing_file"),
    path("briefings/<str:public_id>/take", briefings.take, name="briefing_take"),
    path("briefings/<str:public_id>/approve", briefings.approve, name="briefing_approve"),
]
