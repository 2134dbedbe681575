"""Files → articles → chunks."""
