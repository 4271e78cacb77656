"""What the long tests counted, said at the end of the run."""

import pytest

_COUNTED = []


@pytest.fixture
def counted():
    """Say how often a fault was tried and what came of it."""
    return lambda what, times, result: _COUNTED.append((what, times, result))


def pytest_terminal_summary(terminalreporter):
    for what, times, result in _COUNTED:
        terminalreporter.write_line(f"{what:<44} {times:>7,}  {result}")
    _COUNTED.clear()
