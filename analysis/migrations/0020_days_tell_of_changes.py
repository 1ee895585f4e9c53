"""A day's sum is written anew whenever a count of that day is: `analysis.held_days` knows by it what it may hold.

A letter whose topic, district or place changes leaves the sum of its day as it was. Whatever writes counts is seen here,
a repair by `rebuild_cells` too. Days that change together are locked in the order of their unique key.
"""

from django.db import migrations

# `analysis.models.sums.SumKind.DAY`; a day is numbered as `date.toordinal` does.
TOUCH = """
CREATE FUNCTION analysis_touch_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM changed) THEN
        RETURN NULL;
    END IF;
    WITH days AS (
        SELECT s.id FROM analysis_sumcount AS s
        WHERE s.kind = 1 AND (s.city_id, s.number) IN (
            SELECT c.city_id, (c.day - DATE '0001-01-01' + 1)::bigint FROM changed AS c
        )
        ORDER BY s.city_id, s.number, s.kept FOR UPDATE
    )
    UPDATE analysis_sumcount SET n = n WHERE id IN (SELECT id FROM days);
    RETURN NULL;
END $$;
CREATE TRIGGER analysis_touch_on_insert AFTER INSERT ON analysis_cellcount
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION analysis_touch_days();
CREATE TRIGGER analysis_touch_on_update AFTER UPDATE ON analysis_cellcount
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION analysis_touch_days();
CREATE TRIGGER analysis_touch_on_delete AFTER DELETE ON analysis_cellcount
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION analysis_touch_days();
"""
REVERSE = """
DROP TRIGGER analysis_touch_on_insert ON analysis_cellcount;
DROP TRIGGER analysis_touch_on_update ON analysis_cellcount;
DROP TRIGGER analysis_touch_on_delete ON analysis_cellcount;
DROP FUNCTION analysis_touch_days();
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0019_sums")]

    operations = [migrations.RunSQL(TOUCH, REVERSE)]
