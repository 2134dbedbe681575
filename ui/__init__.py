"""Ways to use Kutip: the command line and what it shows."""
