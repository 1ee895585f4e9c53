"""What the page of prevention shows: hotspots, what was done there, before and after, as words and rows."""
