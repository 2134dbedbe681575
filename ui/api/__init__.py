"""The HTTP API: questions, search, articles, an OpenAI-compatible door and MCP over one archive."""
