"""Where in taking an answer a worker may be told to die (see dying.py)."""

HEADER = "X-Die-At"
STEPS = (
    "before the body is read",
    "before the first INSERT",  # signature or code were found good
    "after the first INSERT",
    "before COMMIT",
    "after COMMIT",
)
