"""The overview of a month."""

from finance_hub.web.presenters.overview.page import overview

__all__ = ["overview"]
