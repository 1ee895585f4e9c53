"""The analyst's role: it reads releases, their areas and the territory (docs/operations.md)."""

from django.db import migrations

TABLES = """
    analysis_areaplan analysis_releasearea analysis_release
    analysis_areafigure analysis_hourfigure analysis_partfigure
    geo_city geo_district geo_boundaryedition geo_editionperiod geo_districtboundary geo_borderpiece
    geo_simplifiedboundary geo_settlement geo_street geo_streetname geo_house geo_landmark
    geo_territorylist geo_territoryrule
""".split()

# A role belongs to the whole server, so it may be there; whoever may not create one is told what to type.
FORWARDS = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dilnychnyi_analyst') THEN
        CREATE ROLE dilnychnyi_analyst NOLOGIN;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role of analysts is missing' USING HINT =
        'As superuser: CREATE ROLE dilnychnyi_analyst NOLOGIN; GRANT dilnychnyi_analyst TO the roles of the site and'
        ' of the owner. See docs/operations.md.';
END $$;
GRANT SELECT ON {", ".join(TABLES)} TO dilnychnyi_analyst;
"""
BACKWARDS = f"REVOKE ALL ON {', '.join(TABLES)} FROM dilnychnyi_analyst"


class Migration(migrations.Migration):
    dependencies = [("analysis", "0006_release_areas_and_releases"), ("geo", "0012_door_counts")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
