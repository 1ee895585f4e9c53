"""Pages: HTTP in, one domain call, HTTP out."""
