"""The square of a cell, as geo/cells.py draws it: files of live cells are written by the database alone."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION analysis_squeeze(bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    v bigint := $1 & x'5555555555555555'::bigint;
BEGIN
    v := (v | (v >> 1)) & x'3333333333333333'::bigint;
    v := (v | (v >> 2)) & x'0F0F0F0F0F0F0F0F'::bigint;
    v := (v | (v >> 4)) & x'00FF00FF00FF00FF'::bigint;
    v := (v | (v >> 8)) & x'0000FFFF0000FFFF'::bigint;
    RETURN (v | (v >> 16)) & x'FFFFFFFF'::bigint;
END $$;

-- The web-map tile with a Z-order number, in EPSG:4326.
CREATE FUNCTION analysis_cell_shape(cell bigint, zoom integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ST_MakeEnvelope(
        x / side * 360.0::float8 - 180.0::float8,
        degrees(atan(sinh(pi() * (1.0::float8 - 2.0::float8 * (y + 1) / side)))),
        (x + 1) / side * 360.0::float8 - 180.0::float8,
        degrees(atan(sinh(pi() * (1.0::float8 - 2.0::float8 * y / side)))),
        4326)
    FROM (SELECT analysis_squeeze(cell)::float8 AS x, analysis_squeeze(cell >> 1)::float8 AS y,
                 (1 << zoom)::float8 AS side) AS tile
$$;
"""
BACKWARDS = """
DROP FUNCTION analysis_cell_shape(bigint, integer);
DROP FUNCTION analysis_squeeze(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0007_analyst_role")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
