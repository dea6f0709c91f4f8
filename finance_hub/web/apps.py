"""The pages as a Django app: it carries templates and static files, and no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registered as `finance_hub.web`."""

    name = "finance_hub.web"
    label = "web"
