"""Erasing: tombstones, and what policies and triggers let the task that erases do, and nobody else (docs/adr/0020)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# A tombstone is seen by whoever sees the letter, and written by the task that erases; nobody changes or deletes one.
TOMBSTONES = """
ALTER TABLE appeals_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_erasure FOR SELECT
    USING (EXISTS (SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id));
CREATE POLICY added ON appeals_erasure FOR INSERT
    WITH CHECK (current_setting('letters.task', true) = 'erase');
"""
# Until now any task could delete keys and what was said.
ERASED_BY_ITS_TASK = "".join(
    f"ALTER POLICY erased ON appeals_{table} USING (current_setting('letters.task', true) = 'erase');"
    for table in ("letterkey", "message", "note", "opening", "notice", "photo")
)
ERASED_BY_ANY_TASK = "".join(
    f"ALTER POLICY erased ON appeals_{table} USING ((SELECT letters_task()));"
    for table in ("letterkey", "message", "note", "opening", "notice", "photo")
)


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0061_category_stays_protected'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('contacts', 'name and contacts of the writer'), ('letter', 'the letter')], max_length=8, verbose_name='what')),
                ('why', models.CharField(choices=[('rule', 'by rule'), ('writer', 'by the writer')], max_length=6, verbose_name='why')),
                ('erased_at', models.DateTimeField(verbose_name='erased at')),
            ],
            options={
                'verbose_name': 'erasure',
                'verbose_name_plural': 'erasures',
                'ordering': ['erased_at', 'pk'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='event',
            name='event_stays',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='opening',
            name='opening_stays',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='appeal_is_emptied_by_its_task', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((NEW.text_sealed = '' AND OLD.text_sealed <> '') OR (NEW.writer_sealed = '' AND OLD.writer_sealed <> ''))", func="\n    IF current_setting('letters.task', true) IS DISTINCT FROM 'erase' OR NOT EXISTS (\n        SELECT FROM appeals_erasure AS e\n        WHERE e.appeal_id = OLD.id AND e.what = CASE WHEN NEW.text_sealed = '' THEN 'letter' ELSE 'contacts' END\n    ) THEN\n        RAISE EXCEPTION 'A letter is erased by its own task, and leaves a tombstone.';\n    END IF;\n    RETURN NEW;\n", hash='ed991250d68342739d67febc703f9a6f35437665', operation='UPDATE', pgid='pgtrigger_appeal_is_emptied_by_its_task_edefb', table='appeals_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4486870f1eda9c405fadbb67e1c2e12757c0c4a0', operation='DELETE', pgid='pgtrigger_event_stays_37dbf', table='appeals_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_loses_its_reason_alone', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF current_setting('letters.task', true) IS DISTINCT FROM 'erase'\n        OR NEW.reason_sealed IS NOT NULL\n        OR to_jsonb(NEW) - 'reason_sealed' <> to_jsonb(OLD) - 'reason_sealed'\n        OR NOT EXISTS (SELECT FROM appeals_erasure AS e WHERE e.appeal_id = OLD.appeal_id AND e.what = 'letter')\n    THEN\n        RAISE EXCEPTION 'History is not changed; once its letter is erased it loses the reasons that people gave.';\n    END IF;\n    RETURN NEW;\n", hash='78badf1c8130c349fe2b390978919b72db8bfe26', operation='UPDATE', pgid='pgtrigger_event_loses_its_reason_alone_34962', table='appeals_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opening',
            trigger=pgtrigger.compiler.Trigger(name='opening_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c1377978e7388b61321483429c70bee04d1ffc08', operation='UPDATE', pgid='pgtrigger_opening_stays_a591f', table='appeals_opening', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opening',
            trigger=pgtrigger.compiler.Trigger(name='opening_goes_with_its_day', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF current_setting('letters.task', true) IS DISTINCT FROM 'erase' OR NOT EXISTS (\n        SELECT FROM appeals_openingdigest WHERE day = (OLD.opened_at AT TIME ZONE 'Europe/Kyiv')::date\n    ) THEN\n        RAISE EXCEPTION 'An opening goes when its time is over, by the task that erases, and leaves a digest.';\n    END IF;\n    RETURN OLD;\n", hash='05f1c8c718f70939a468705af3065d9489e57f6a', operation='DELETE', pgid='pgtrigger_opening_goes_with_its_day_987cd', table='appeals_opening', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='erasure',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='appeals.appeal', verbose_name='appeal'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.UniqueConstraint(condition=models.Q(('what', 'letter')), fields=('appeal',), name='erasure_of_a_letter_once'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['contacts', 'letter'])), name='erasure_what_known'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('why__in', ['rule', 'writer'])), name='erasure_why_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasure',
            trigger=pgtrigger.compiler.Trigger(name='erasure_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='36410e2a5754826b84e5ad87f3ad8cdf25e364a5', operation='UPDATE OR DELETE', pgid='pgtrigger_erasure_stays_76687', table='appeals_erasure', when='BEFORE')),
        ),
        migrations.RunSQL(TOMBSTONES, migrations.RunSQL.noop),
        migrations.RunSQL(ERASED_BY_ITS_TASK, ERASED_BY_ANY_TASK),
    ]
