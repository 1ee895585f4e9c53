"""A letter that was just sent is accepted by nobody yet and counts nowhere: no function is called for it."""

from django.db import migrations

FORWARDS = """
DROP TRIGGER analysis_keep_cells ON appeals_appeal;
CREATE TRIGGER analysis_keep_cells AFTER UPDATE OR DELETE ON appeals_appeal
FOR EACH ROW EXECUTE FUNCTION analysis_keep_cells();
CREATE TRIGGER analysis_keep_cells_of_new AFTER INSERT ON appeals_appeal
FOR EACH ROW WHEN (NEW.accepted_at IS NOT NULL) EXECUTE FUNCTION analysis_keep_cells();
"""
BACKWARDS = """
DROP TRIGGER analysis_keep_cells_of_new ON appeals_appeal;
DROP TRIGGER analysis_keep_cells ON appeals_appeal;
CREATE TRIGGER analysis_keep_cells AFTER INSERT OR DELETE OR UPDATE ON appeals_appeal
FOR EACH ROW EXECUTE FUNCTION analysis_keep_cells();
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0003_kept_letters")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
