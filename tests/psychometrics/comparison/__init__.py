"""Every number of every reference file, held against ours or left out for a reason.

`python -m tests.psychometrics.comparison` prints the table.
"""
