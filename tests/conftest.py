"""Settings of all tests."""

import os

from hypothesis import settings

pytest_plugins = ["tests.browser"]

# Where a change is judged, the examples are the same in every run: what fails there can be seen again here,
# and nobody's change is refused for what an earlier one did. Everywhere else each run looks at new ones.
settings.register_profile("same", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("same")
