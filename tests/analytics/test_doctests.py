"""Every example in a docstring of analytics/ is true."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import analytics

MODULES = [module.name for module in pkgutil.walk_packages(analytics.__path__, "analytics.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module(name: str) -> None:
    failed, _ = doctest.testmod(import_module(name))
    assert not failed
