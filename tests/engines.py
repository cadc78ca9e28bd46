"""On which engines a test runs."""

import pytest

__all__ = ["EMBEDDED", "NEO4J", "only_embedded", "only_neo4j"]

EMBEDDED = pytest.param("embedded", marks=pytest.mark.embedded)
NEO4J = pytest.param("neo4j", marks=pytest.mark.neo4j)

only_embedded = pytest.mark.parametrize("database_settings", [EMBEDDED], indirect=True)
only_neo4j = pytest.mark.parametrize("database_settings", [NEO4J], indirect=True)
