"""Prevention: what was done at hotspots, and whether letters became fewer there than elsewhere (docs/adr/0022)."""
