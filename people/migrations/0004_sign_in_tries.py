from django.db import migrations

# The table of settings.CACHES, as Django's createcachetable would make it: one command, migrate, makes all tables.
CREATE = """
CREATE TABLE people_sign_in_tries (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX people_sign_in_tries_expires ON people_sign_in_tries (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_help_lines")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE people_sign_in_tries")]
