from tests.tasks.conftest import everything

__all__ = ["everything"]
