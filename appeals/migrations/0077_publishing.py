"""Publishing letters: consent, versions that a moderator prepares, and the plain table that everybody reads.

docs/adr/0027 says who may do what; the triggers say what can never be published.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


OF_A_VISIBLE_LETTER = "EXISTS (SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id)"
OF_ITS_WRITER = (
    "EXISTS (SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id AND a.receipt_hash = (SELECT letters_receipt()))"
)

# A moderator sees a letter whose writer lets it be published, and what was said about it: never its photos or notes,
# whose own policies know of no moderator. To change the letter stays with those who answer it.
LETTERS = """
CREATE POLICY to_be_published ON appeals_appeal FOR SELECT USING (
    may_publish_since IS NOT NULL AND NOT protected AND state <> 'spam'
    AND recused_officer_id IS NULL AND recused_supervisor_id IS NULL
    AND city_id = ANY ((SELECT letters_cities('moderator'))::bigint[])
);
"""

# A version is added by a moderator in their own name, and decided by whoever holds the receipt.
VERSIONS = f"""
ALTER TABLE appeals_publicversion ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_publicversion FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_publicversion FOR SELECT USING ({OF_A_VISIBLE_LETTER});
CREATE POLICY added ON appeals_publicversion FOR INSERT WITH CHECK (
    by_id = (SELECT letters_user())
    AND EXISTS (
        SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id AND a.may_publish_since IS NOT NULL
        AND a.city_id = ANY ((SELECT letters_cities('moderator'))::bigint[])
    )
);
CREATE POLICY changed ON appeals_publicversion FOR UPDATE USING ({OF_ITS_WRITER});
CREATE POLICY erased ON appeals_publicversion FOR DELETE USING (current_setting('letters.task', true) = 'erase');
"""

# Everybody reads what is published. It is put in by the holder of the receipt alone, and taken out by whoever sees the
# letter, or by the letter's own trigger: what may no longer be public goes, whoever changed the letter.
QUESTIONS = f"""
ALTER TABLE appeals_publicquestion ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_publicquestion FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_publicquestion FOR SELECT USING (true);
CREATE POLICY added ON appeals_publicquestion FOR INSERT WITH CHECK ({OF_ITS_WRITER});
CREATE POLICY changed ON appeals_publicquestion FOR UPDATE USING ({OF_A_VISIBLE_LETTER});
CREATE POLICY taken_down ON appeals_publicquestion FOR DELETE
    USING (pg_trigger_depth() > 0 OR {OF_A_VISIBLE_LETTER});
"""


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0074_first_word'),
        ('geo', '0018_questions_is_no_code'),
        ('people', '0007_new_password_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.TextField(verbose_name='question')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('cell', models.BigIntegerField(blank=True, null=True, verbose_name='cell')),
                ('asked_on', models.DateField(verbose_name='asked on')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('is_open', models.BooleanField(verbose_name='waits for an answer')),
                ('published_on', models.DateField(verbose_name='published on')),
            ],
            options={
                'verbose_name': 'published question',
                'verbose_name_plural': 'published questions',
                'ordering': ['-asked_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PublicVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('refused', models.BooleanField(default=False, verbose_name='refused')),
                ('body_sealed', models.BinaryField()),
                ('at', models.DateTimeField(verbose_name='when')),
                ('agreed', models.BooleanField(null=True, verbose_name='the writer agreed')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('agreed_hash', models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'version to be published',
                'verbose_name_plural': 'versions to be published',
                'ordering': ['appeal', 'number'],
            },
        ),
        migrations.AddField(
            model_name='appeal',
            name='may_publish_since',
            field=models.DateTimeField(blank=True, help_text="The writer's consent; empty: none.", null=True, verbose_name='may be published since'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('may_publish_since__isnull', False)), fields=['city', 'may_publish_since'], name='appeal_may_publish'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='appeal_keeps_published_true', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.may_publish_since IS NOT NULL)', func="\n    IF NEW.may_publish_since IS NULL OR NEW.protected OR NEW.state = 'spam' OR NEW.text_sealed = ''\n        OR NEW.recused_officer_id IS NOT NULL OR NEW.recused_supervisor_id IS NOT NULL\n    THEN\n        DELETE FROM appeals_publicquestion WHERE appeal_id = NEW.id;\n    ELSE\n        UPDATE appeals_publicquestion SET published_on = published_on WHERE appeal_id = NEW.id;\n    END IF;\n    RETURN NULL;\n", hash='2cd5ac57f8611d4aa2fe9a7ffffbc24a1703b689', operation='UPDATE OF "may_publish_since", "protected", "state", "text_sealed", "recused_officer_id", "recused_supervisor_id", "category_id", "district_id", "answered_on"', pgid='pgtrigger_appeal_keeps_published_true_0d177', table='appeals_appeal', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('may_publish_since__isnull', True), models.Q(('protected', False), ('recused_officer__isnull', True), ('recused_supervisor__isnull', True)), _connector='OR'), name='appeal_never_published'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='appeal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='public_question', to='appeals.appeal', verbose_name='appeal'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appeals.category', verbose_name='category'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='geo.city', verbose_name='city'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='geo.district', verbose_name='district'),
        ),
        migrations.AddField(
            model_name='publicversion',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_versions', to='appeals.appeal', verbose_name='appeal'),
        ),
        migrations.AddField(
            model_name='publicversion',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='moderator'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='version',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appeals.publicversion', verbose_name='version'),
        ),
        migrations.AddConstraint(
            model_name='publicversion',
            constraint=models.UniqueConstraint(fields=('appeal', 'number'), name='public_version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='publicversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed__isnull', True), ('agreed_hash', ''), ('decided_at__isnull', True)), models.Q(('agreed', False), ('agreed_hash', ''), ('decided_at__isnull', False), ('refused', False)), models.Q(('agreed', True), ('decided_at__isnull', False), ('refused', False), models.Q(('agreed_hash', ''), _negated=True)), _connector='OR'), name='public_version_decided_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicversion',
            trigger=pgtrigger.compiler.Trigger(name='public_version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."appeal_id" IS DISTINCT FROM (NEW."appeal_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."refused" IS DISTINCT FROM (NEW."refused") OR OLD."body_sealed" IS DISTINCT FROM (NEW."body_sealed") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."at" IS DISTINCT FROM (NEW."at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e6e2701b90d07d1de72b08d6a9aca0339d29672a', operation='UPDATE', pgid='pgtrigger_public_version_stays_c3795', table='appeals_publicversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicversion',
            trigger=pgtrigger.compiler.Trigger(name='public_version_decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."decided_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b4dfe1ba0295d9a952e10e24478c3e5d3d5a77ae', operation='UPDATE', pgid='pgtrigger_public_version_decided_once_89964', table='appeals_publicversion', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='publicquestion',
            index=models.Index(fields=['city', '-asked_on'], name='public_question_newest'),
        ),
        migrations.AddConstraint(
            model_name='publicquestion',
            constraint=models.CheckConstraint(condition=models.Q(('question', ''), _negated=True), name='public_question_has_words'),
        ),
        migrations.AddConstraint(
            model_name='publicquestion',
            constraint=models.CheckConstraint(condition=models.Q(('cell__isnull', True), models.Q(('cell__gte', 0), ('cell__lt', 4294967296)), _connector='OR'), name='public_question_cell_is_coarse'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicquestion',
            trigger=pgtrigger.compiler.Trigger(name='agreed_and_publishable', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE letter appeals_appeal%ROWTYPE;', func="\n    SELECT * INTO letter FROM appeals_appeal WHERE id = NEW.appeal_id;\n    IF letter.id IS NULL OR letter.may_publish_since IS NULL OR letter.protected OR letter.state = 'spam'\n        OR letter.recused_officer_id IS NOT NULL OR letter.recused_supervisor_id IS NOT NULL\n        OR letter.text_sealed = ''\n        OR EXISTS (SELECT FROM appeals_category WHERE id = letter.category_id AND protected)\n        OR (\n            (TG_OP = 'INSERT' OR NEW.version_id <> OLD.version_id)\n            AND NOT EXISTS (SELECT FROM geo_city WHERE id = letter.city_id AND stage IN ('pilot', 'open'))\n        )\n    THEN\n        RAISE EXCEPTION 'This letter is never published.';\n    END IF;\n    IF NOT EXISTS (\n        SELECT FROM appeals_publicversion AS v\n        WHERE v.id = NEW.version_id AND v.appeal_id = NEW.appeal_id AND v.agreed\n            AND v.agreed_hash = encode(sha256(convert_to(\n                length(NEW.question) || ':' || NEW.question || NEW.answer || chr(31) || coalesce(NEW.cell::text, ''),\n                'UTF8'\n            )), 'hex')\n    ) THEN\n        RAISE EXCEPTION 'Nothing is published but the version that the writer agreed to.';\n    END IF;\n    NEW.city_id := letter.city_id;\n    NEW.district_id := letter.district_id;\n    NEW.category_id := letter.category_id;\n    NEW.asked_on := (letter.received_at AT TIME ZONE 'Europe/Kyiv')::date;\n    NEW.answered_on := letter.answered_on;\n    NEW.is_open := letter.state IN ('received', 'accepted', 'in_progress', 'reopened');\n    RETURN NEW;\n", hash='5776ba3b48b5d168da70628a0f27de6ab6ddf462', operation='INSERT OR UPDATE', pgid='pgtrigger_agreed_and_publishable_cea7a', table='appeals_publicquestion', when='BEFORE')),
        ),
        migrations.RunSQL(LETTERS + VERSIONS + QUESTIONS),
    ]
