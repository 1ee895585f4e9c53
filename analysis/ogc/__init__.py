"""OGC API - Features, Part 1: Core (OGC 17-069r4), GeoJSON and OpenAPI 3.0: what QGIS and GDAL connect to at /ogc/."""
