"""A process of the service with an environment of its own, on the test database."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.db import connection

STRONG = {
    "SECRET_KEY": "k7Qe2vXr9TzLw4Hn8JpYb3Ds6Fg1McUa5Ri0Ox-Kt_EuVhWqZjNyPlBfSdGm",
    "TOTP_KEY": "9mRb4Wd7KxZq2Tn6Yp1Jv8Hs3Lc5Fg0Ua-Ei_OoQtXyVrBwNzMkDjPhSfGlCu",
    "ALLOWED_HOSTS": "finance.example.gov.cn",
}


def database_url(*, user: str, password: str) -> str:
    at: dict[str, Any] = connection.settings_dict
    return f"postgres://{user}:{password}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the code in the production profile as the runtime role, unless the environment says otherwise."""
    at: dict[str, Any] = connection.settings_dict
    defaults = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "finance_hub.settings",
        "FINANCE_HUB_PROFILE": "production",
        "DATABASE_URL": database_url(user=at["USER"], password=at["PASSWORD"]),
        **STRONG,
    }
    given = {name: value for name, value in {**defaults, **environment}.items() if value}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=given,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
