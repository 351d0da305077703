"""One task in each module; the registry finds them. See benchmarks/task.py."""
