"""What the page of the heatmap shows: live counts or releases, as words, rows and the geometry of small charts."""
