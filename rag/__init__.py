"""The engine: from files to verified answers."""
