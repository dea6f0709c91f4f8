"""What each template needs: the contract between the views and the pages.

Every field is a primitive, already worded in the reader's language and already formatted
(thousands separators, unit, minus sign U+2212). Templates decide nothing about figures.
A value that is not known is `None` beside a reason, never "0".

| template                  | context variables                                   |
|---------------------------|-----------------------------------------------------|
| every page                | `chrome: chrome.Chrome`                             |
| `overview/page.html`      | `overview: overview.Overview`                       |
| `overview/empty.html`     | `overview: overview.NoFigures`                      |
| `firms/list.html`         | `firms: firms.FirmList`                             |
| `firms/_results.html`     | the same; the answer to an htmx request             |
| `firms/firm.html`         | `firm: firms.Firm`                                  |
| `funds/list.html`         | `funds: funds.FundList`                             |
| `funds/fund.html`         | `fund: funds.Fund`                                  |
| `funds/holding.html`      | `holding: funds.Holding`                            |
| `funds/rows.html`         | `rows: rows.Rows`                                   |
| `deals/board.html`        | `board: deals.Board`                                |
| `deals/list.html`         | `deals: deals.DealList`                             |
| `deals/deal.html`         | `deal: deals.Deal`                                  |
| `forms/form.html`         | `form: forms.Form`                                  |
| `sheets/sheet.html`       | `sheet: sheets.Sheet`                               |
| `sheets/_progress.html`   | the same; the answer to htmx                        |
| `risk/page.html`          | `risk: risk.Risk`, `refusal: str`                   |
| `risk/empty.html`         | `risk: risk.NoFigures`                              |
| `briefings/list.html`     | `briefings: briefings.BriefingList`                 |
| `briefings/briefing.html` | `briefing: briefings.Briefing`                      |
| `reports/list.html`       | `reports: reports.Checklist`                        |
| `reports/upload.html`     | `upload: reports.Upload`                            |
| `reports/nothing.html`    | `nothing: reports.Nothing`                          |
| `reports/reconciliation.html` | `reconciliation: reconciliation.Reconciliation` |
| `findings/list.html`      | `findings: findings.Findings`                       |
| `batches/list.html`       | `batches: batches.BatchList`                        |
| `batches/batch.html`      | `batch: batches.Batch`                              |
| `batches/_progress.html`  | `waiting: batches.Waiting`; the answer to htmx      |
| `batches/rows.html`       | `rows: batches.Rows`                                |
| `reporting/list.html`     | `reporting: reporting.Reporting`                    |
| `requests/list.html`      | `requests: requests.RequestLog`                     |
| `requests/request.html`   | `call: requests.Request`                            |
| `account/login.html`      | `login: account.Login`                              |
| `account/account.html`    | `account: account.Account`                          |
| `errors/403.html` 404 500 | `error: chrome.Failure`, no `chrome` needed         |
"""
