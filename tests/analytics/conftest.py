"""What the tests of analytics/ need: the communities of benchmarks/, and patience on a busy machine."""

import sys
from pathlib import Path

from hypothesis import settings

# benchmarks/ is no installed package.
sys.path.append(str(Path(__file__).parents[2]))

# The first call of a kernel may have to compile it: no deadline tells that from a slow test.
settings.register_profile("analytics", deadline=None)
settings.load_profile("analytics")
