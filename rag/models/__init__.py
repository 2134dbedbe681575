"""Chat models and what calls to services have in common."""
