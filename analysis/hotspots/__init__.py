"""Hotspots: where letters are denser than chance allows, where that changes, and how well the past told the future.

Pure, on grids of counts (numpy, scipy); no database, no clock, randomness is passed in. A grid is an array of square
cells, rows by columns; `inside` marks the cells of the city. docs/hotspots.md says in plain words what is computed.
"""
