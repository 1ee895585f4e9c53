"""Backups of the whole database: letters here, the keys that open them there, and a restore that proves itself."""

from appeals.backups.dumping import Backup, back_up
from appeals.backups.errors import BackupRefused
from appeals.backups.restoring import migrations_in, put_back

__all__ = ["Backup", "BackupRefused", "back_up", "migrations_in", "put_back"]
