"""The web process. It refuses to start unsafe."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finance_hub.settings")
application = get_wsgi_application()

from finance_hub.kernel.guard import refuse_unsafe  # noqa: E402 - needs the apps loaded

refuse_unsafe()
