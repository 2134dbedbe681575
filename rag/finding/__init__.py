"""A question → the passages and sentences that may answer it."""
