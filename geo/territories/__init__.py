"""Territories given as lists of streets and houses: read, matched with the gazetteer, recorded, checked."""
