"""How fast and how large, measured beside a peer in the same run: `make bench` rewrites docs/benchmarks.md."""
