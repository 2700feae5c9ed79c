"""What Holdfast costs, beside floors taken in the same run: `python -m benchmarks` (README.md tells how to read it)."""
