"""Ukrainian addresses: folding, reading, the gazetteer of a city and the search in it."""
