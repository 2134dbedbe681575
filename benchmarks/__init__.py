"""Speed measurements: ratios against Chroma alone, side by side in one run."""
