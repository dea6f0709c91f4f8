"""The monthly briefing: content in, PDF out. Only this package imports reportlab."""
