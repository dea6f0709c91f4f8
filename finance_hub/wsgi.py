"""The web process. It refuses to start unsafe."""

from __future__ import annotations

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finance_hub.settings")
_django = get_wsgi_application()

#: A body of which nothing comes for so long is given up, so that nobody holds a thread by saying nothing.
BODY_PAUSE_SECONDS = 20


def application(environ: dict[str, Any], start_response: Any) -> Any:
    socket = environ.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(BODY_PAUSE_SECONDS)
    return _django(environ, start_response)


from finance_hub.kernel.guard import refuse_unsafe  # noqa: E402 - needs the apps loaded

refuse_unsafe()
