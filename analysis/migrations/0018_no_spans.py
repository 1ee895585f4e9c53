"""Spans are counted no longer: months tell the same (migration 0017, docs/adr/0024). Undone, 0017 fills them anew."""

import importlib

from django.db import migrations

spans = importlib.import_module("analysis.migrations.0016_spans")


class Migration(migrations.Migration):
    dependencies = [("analysis", "0017_months")]

    operations = [
        migrations.RunSQL("DROP FUNCTION analysis_recount_spans();", spans.RECOUNT),
        migrations.DeleteModel("SpanCount"),
    ]
