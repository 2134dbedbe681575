"""Where articles, vectors and terms are kept: in a folder or on a Chroma server."""
