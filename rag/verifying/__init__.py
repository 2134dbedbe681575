"""Quotes and statements held against the articles."""
