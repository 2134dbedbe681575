"""Benchmarks of the built-in engine on public question sets, one command each: ``python -m evals.benchmarks NAME``."""
