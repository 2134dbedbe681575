"""Measurements of the engine, offline."""
