"""What the figures that we give come from. `python -m benchmarks` (`make bench`) runs them all.

A benchmark is a module here that says `measure(size: float = 1.0) -> list[Measurement]`; the folder is the
registration. `size` shrinks the work for a test of the benchmark itself; a figure counts at full size only.
"""

import include.orchestration  # noqa: F401 - puts plugins/ on the path
