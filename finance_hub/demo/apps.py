from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "finance_hub.demo"
    label = "demo"
