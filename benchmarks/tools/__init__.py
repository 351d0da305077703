"""One tool in each module; the registry finds them. See benchmarks/tool.py."""
