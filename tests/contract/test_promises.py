"""Our stores keep what every store promises: the suite that we ship, and no second one."""

from shopcore_testing import promises

contract = promises()
