"""Live cells are kept by the database: a trigger on the letters, the same formula as geo/cells.py, a recount."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION analysis_spread(bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    v bigint := $1 & x'FFFFFFFF'::bigint;
BEGIN
    v := (v | (v << 16)) & x'0000FFFF0000FFFF'::bigint;
    v := (v | (v << 8)) & x'00FF00FF00FF00FF'::bigint;
    v := (v | (v << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
    v := (v | (v << 2)) & x'3333333333333333'::bigint;
    RETURN (v | (v << 1)) & x'5555555555555555'::bigint;
END $$;

-- Shifts stand in parentheses: in PostgreSQL `|` and `<<` bind equally.
-- The Z-order number of the web-map tile of zoom 18 that holds a point in EPSG:4326.
CREATE FUNCTION analysis_cell(place geometry) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT analysis_spread(floor(least(262143.0::float8, greatest(0.0::float8,
               (ST_X(place) + 180.0::float8) / 360.0::float8 * 262144.0::float8)))::bigint)
         | (analysis_spread(floor(least(262143.0::float8, greatest(0.0::float8,
               (1.0::float8 - asinh(tan(least(85.05::float8, greatest(-85.05::float8, ST_Y(place))) * (pi() / 180.0::float8)))
               / pi()) / 2.0::float8 * 262144.0::float8)))::bigint) << 1)
$$;

-- Which letters count: accepted, with a place, not spam. The one definition: trigger and recount use it.
CREATE FUNCTION analysis_counts(accepted_at timestamptz, place geometry, state text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT accepted_at IS NOT NULL AND place IS NOT NULL AND state <> 'spam'
$$;

CREATE FUNCTION analysis_day(moment timestamptz) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (moment AT TIME ZONE 'Europe/Kyiv')::date
$$;

-- Plain SQL in a function, not a view: a view would forbid every later change of the letters' columns.
CREATE FUNCTION analysis_recount()
RETURNS TABLE (city_id bigint, district_id bigint, cell bigint, category_id bigint, day date, n bigint)
LANGUAGE sql STABLE AS $$
    SELECT a.city_id, a.district_id, analysis_cell(a.location), a.category_id, analysis_day(a.received_at), count(*)
    FROM appeals_appeal AS a
    WHERE analysis_counts(a.accepted_at, a.location, a.state)
    GROUP BY 1, 2, 3, 4, 5
$$;

-- Runs as the owner: the web's role needs no right to write counts.
CREATE FUNCTION analysis_keep_cells() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND analysis_counts(OLD.accepted_at, OLD.location, OLD.state)
          = analysis_counts(NEW.accepted_at, NEW.location, NEW.state)
        AND (OLD.city_id, OLD.district_id, OLD.category_id, OLD.received_at)
          = (NEW.city_id, NEW.district_id, NEW.category_id, NEW.received_at)
        AND OLD.location IS NOT DISTINCT FROM NEW.location THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND analysis_counts(OLD.accepted_at, OLD.location, OLD.state) THEN
        UPDATE analysis_cellcount SET n = n - 1
        WHERE city_id = OLD.city_id AND cell = analysis_cell(OLD.location) AND category_id = OLD.category_id
            AND day = analysis_day(OLD.received_at) AND district_id = OLD.district_id;
        DELETE FROM analysis_cellcount
        WHERE city_id = OLD.city_id AND cell = analysis_cell(OLD.location) AND category_id = OLD.category_id
            AND day = analysis_day(OLD.received_at) AND district_id = OLD.district_id AND n = 0;
    END IF;
    IF TG_OP <> 'DELETE' AND analysis_counts(NEW.accepted_at, NEW.location, NEW.state) THEN
        INSERT INTO analysis_cellcount AS kept (city_id, district_id, cell, category_id, day, n)
        VALUES (NEW.city_id, NEW.district_id, analysis_cell(NEW.location), NEW.category_id, analysis_day(NEW.received_at), 1)
        ON CONFLICT (city_id, cell, category_id, day, district_id) DO UPDATE SET n = kept.n + 1;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER analysis_keep_cells AFTER INSERT OR UPDATE OR DELETE ON appeals_appeal
FOR EACH ROW EXECUTE FUNCTION analysis_keep_cells();

INSERT INTO analysis_cellcount (city_id, district_id, cell, category_id, day, n)
SELECT city_id, district_id, cell, category_id, day, n FROM analysis_recount();
"""

BACKWARDS = """
DROP TRIGGER analysis_keep_cells ON appeals_appeal;
DROP FUNCTION analysis_keep_cells();
DROP FUNCTION analysis_recount();
DROP FUNCTION analysis_counts(timestamptz, geometry, text);
DROP FUNCTION analysis_day(timestamptz);
DROP FUNCTION analysis_cell(geometry);
DROP FUNCTION analysis_spread(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0001_initial"), ("appeals", "0002_categories")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
