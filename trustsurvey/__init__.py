"""The project: wiring only."""

import os

__version__ = "0.1.0"

# Every process of ours works on small matrices, several at a time: threads inside the
# linear algebra would fight over the cores (measured: 36 s instead of .6 s under load).
# Has to be said before NumPy is imported, and this runs before anything else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
