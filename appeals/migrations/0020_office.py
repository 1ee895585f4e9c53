"""The officer's office: internal notes, templates of replies, forwarding, the unified register.

Notes are sealed like messages, and the database shows them to those alone who answer the letter: not to the holder of
its receipt, not to a moderator who looks at suspected spam.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ANSWERED_BY_ME = """
    (SELECT letters_task())
    OR EXISTS (
        SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id
        AND (
            (
                coalesce(a.recused_officer_id <> (SELECT letters_officer()), true)
                AND (
                    (a.addressee = 'officer' AND a.district_id = ANY ((SELECT letters_districts())::bigint[]))
                    OR (
                        a.city_id = ANY ((SELECT letters_cities('supervisor'))::bigint[])
                        AND coalesce(a.recused_supervisor_id <> (SELECT letters_user()), true)
                    )
                )
            )
            OR a.id = ANY ((SELECT letters_opened_for_a_reason())::bigint[])
        )
    )
"""

NOTES = f"""
ALTER TABLE appeals_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_note FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_note FOR SELECT USING ({ANSWERED_BY_ME});
CREATE POLICY added ON appeals_note FOR INSERT WITH CHECK ({ANSWERED_BY_ME});
CREATE POLICY changed ON appeals_note FOR UPDATE USING ((SELECT letters_task()));
CREATE POLICY erased ON appeals_note FOR DELETE USING ((SELECT letters_task()));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0011_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReplyTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reply_templates', to='appeals.category', verbose_name='category')),
                ('name_uk', models.CharField(max_length=120, verbose_name='name in Ukrainian')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
                ('body_uk', models.TextField(verbose_name='text in Ukrainian')),
                ('body_en', models.TextField(blank=True, verbose_name='text in English')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'reply template',
                'verbose_name_plural': 'reply templates',
                'ordering': ['position', 'name_uk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('appeal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='appeals.appeal', verbose_name='appeal')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('body_sealed', models.BinaryField()),
                ('written_at', models.DateTimeField(verbose_name='written at')),
            ],
            options={
                'verbose_name': 'internal note',
                'verbose_name_plural': 'internal notes',
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.UniqueConstraint(fields=('appeal', 'key'), name='note_key_once'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='forwarded_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appeals.body', verbose_name='forwarded to'),
        ),
        migrations.AddField(model_name='appeal', name='registration_sealed', field=models.BinaryField(null=True)),
        migrations.AlterField(
            model_name='appeal',
            name='why',
            field=models.CharField(choices=[('main', 'main officer of the district'), ('acting', 'acting officer: the main one is away'), ('nobody', 'the district has no officer now: the supervisor answers'), ('kept', 'the writer asked that it be kept from somebody: a supervisor answers'), ('handed', 'handed to the supervisors')], max_length=10, verbose_name='why this officer'),
        ),
        migrations.RemoveConstraint(model_name='appeal', name='appeal_says_why_this_officer'),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('officer__isnull', True), ('why__in', ['nobody', 'kept', 'handed'])), models.Q(('officer__isnull', False), ('why__in', ['main', 'acting'])), _connector='OR'), name='appeal_says_why_this_officer'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('forwarded_to__isnull', False), ('state', 'forwarded')), models.Q(models.Q(('state', 'forwarded'), _negated=True), ('forwarded_to__isnull', True)), _connector='OR'), name='appeal_forwarded_to_somebody'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['city', 'received_at'], name='appeal_city_received'),
        ),
        migrations.RunSQL(NOTES),
    ]
