"""What vardag is measured by. `python -m benchmarks NAME [--short] [--json]` runs one, `all` every one.

A module here is a benchmark: its name is the file's name, `measure(arguments)` prints a readable table and returns the
figures, and `add_arguments(parser)`, where there is one, adds its own options. Benchmarks may import every room; no room
imports them.
"""
