"""The training city of the letters' tests."""

from tests.appeals.conftest import office

__all__ = ["office"]
