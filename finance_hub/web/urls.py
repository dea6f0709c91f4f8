"""The pages. Each view declares its action, or that it is for anybody."""

from django.urls import path

from finance_hub.web.views import (
    account,
    batches,
    briefings,
    findings,
    firms,
    fund_forms,
    funds,
    login,
    overview,
    reconciliation,
    reporting,
    reports,
    requests,
)

app_name = "web"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("login", login.login, name="login"),
    path("logout", login.logout, name="logout"),
    path("account", account.account, name="account"),
    path("firms", firms.firms, name="firms"),
    path("firms/<str:uscc>", firms.firm, name="firm"),
    path("funds", funds.funds, name="funds"),
    path("funds/<str:code>", funds.fund, name="fund"),
    path("funds/<str:code>/record/<str:form>", fund_forms.record, name="fund_record"),
    path("funds/<str:code>/entries/<str:event>/<str:form>", fund_forms.entry, name="fund_entry_record"),
    path("funds/<str:code>/holdings/<str:holding>", funds.holding, name="fund_holding"),
    path(
        "funds/<str:code>/holdings/<str:holding>/<str:form>", fund_forms.holding, name="fund_holding_record"
    ),
    path(
        "funds/<str:code>/holdings/<str:holding>/rounds/<str:round>/reverse",
        fund_forms.round_,
        name="fund_round_reverse",
    ),
    path("funds/<str:code>/deals/<str:event>/<str:form>", fund_forms.deal, name="fund_deal_record"),
    path(
        "funds/<str:code>/securities/<str:security>/<str:form>",
        fund_forms.security,
        name="fund_security_record",
    ),
    path("funds/<str:code>/units/<str:units>/reverse", fund_forms.units, name="fund_units_reverse"),
    path("reports", reports.reports, name="reports"),
    path("reports/upload", reports.upload, name="upload"),
    path("reports/nothing", reports.nothing, name="nothing"),
    path("reports/templates/<str:dataset>.<str:format>", reports.template, name="template"),
    path("reports/batches", batches.batches, name="batches"),
    path("reports/batches/<str:public_id>", batches.batch, name="batch"),
    path("reports/batches/<str:public_id>/progress", batches.progress, name="batch_progress"),
    path("reports/batches/<str:public_id>/confirm", batches.confirm, name="batch_confirm"),
    path("reports/batches/<str:public_id>/rows", batches.rows, name="batch_rows"),
    path("reports/batches/<str:public_id>/file", batches.file, name="batch_file"),
    path("reports/reconciliation", reconciliation.reconciliation, name="reconciliation"),
    path("findings", findings.findings, name="findings"),
    path("reporting", reporting.reporting, name="reporting"),
    path("request-log", requests.requests, name="requests"),
    path("request-log/<str:request_id>", requests.one, name="request"),
    path("briefings", briefings.briefings, name="briefings"),
    path("briefings/<str:public_id>", briefings.briefing, name="briefing"),
    path("briefings/<str:public_id>/preview", briefings.preview, name="briefing_preview"),
    path("briefings/<str:public_id>/file", briefings.file, name="briefing_file"),
    path("briefings/<str:public_id>/take", briefings.take, name="briefing_take"),
    path("briefings/<str:public_id>/approve", briefings.approve, name="briefing_approve"),
]
