"""Hits → a draft of an answer, verbatim or written by a model."""
