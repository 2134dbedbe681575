"""Words of two languages: folding, stems, numbers, dates, translations."""
