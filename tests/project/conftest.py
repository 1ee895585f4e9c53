"""The file `dev` as a module, and a private server of a test's own."""

import os
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.appeals.conftest import office

__all__ = ["office"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    """The file `dev` as a module."""
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    spec = spec_from_loader("dev", loader)
    assert spec is not None
    module = sys.modules["dev"] = module_from_spec(spec)
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = writes_bytecode
    return module


@pytest.fixture
def cluster(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A running server of its own; under /var/tmp, where root's `postgres` can go too."""
    monkeypatch.setattr(dev, "LOCAL", tmp_path)
    cluster = dev.Cluster(Path("/var/tmp", f"dilnychnyi-test-{os.getpid()}"))  # noqa: S108
    cluster.start()
    yield cluster
    cluster.remove()
