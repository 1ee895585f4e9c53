"""The half-year report: what it tells, and the deeds on it (docs/adr/0026)."""
