"""The shop from a terminal: `shopcore`, or `python -m shopcore_cli`."""
