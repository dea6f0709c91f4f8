from tests.funds.conftest import angel, funded
from tests.tasks.conftest import everything, october

__all__ = ["angel", "everything", "funded", "october"]
