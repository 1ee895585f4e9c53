"""Why a backup or a restore was refused."""


class BackupRefused(Exception):
    """Nothing was kept, or nothing was put back; the sentence says what to do."""
