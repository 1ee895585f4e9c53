"""Rows with sealed columns, and the keys that they are sealed under (appeals/sealing.py says how)."""

from functools import cached_property, lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.sealing import KeyRing, seal, unseal


@lru_cache(maxsize=4)
def _ring(setting: str) -> KeyRing:
    return KeyRing.read(setting)


def key_ring() -> KeyRing:
    """Return the server's keys, from settings.LETTER_KEYS. Raises appeals.sealing.BadKeys."""
    return _ring(settings.LETTER_KEYS)


class WrappedKey(models.Model):
    """A row with a key of its own, which rests wrapped by a key of the server."""

    wrapped = models.BinaryField()
    wrapped_by = models.CharField(_("key of the server"), max_length=40)

    class Meta:
        abstract = True

    @property
    def sealed_as(self) -> str:
        """What names this row in the associated data: known before the row is inserted, never changed."""
        raise NotImplementedError

    @cached_property
    def key(self) -> bytes:
        """The key itself. Raises appeals.sealing.CannotUnseal."""
        table = self._meta.db_table
        return key_ring().unwrap(bytes(self.wrapped), by=self.wrapped_by, row=self.sealed_as, table=table)

    def wrap(self, key: bytes) -> None:
        """Take a key, new or one's own, and wrap it by the server's current one."""
        ring = key_ring()
        self.key, self.wrapped_by = key, ring.current
        self.wrapped = ring.wrap(key, row=self.sealed_as, table=self._meta.db_table)


class LetterKey(WrappedKey):
    """The wrapped key of one letter. It lies in a table of its own, so that backups can keep it apart and for a month:
    a letter whose row here is deleted is erased everywhere.
    """

    appeal = models.OneToOneField("appeals.Appeal", models.CASCADE, primary_key=True, related_name="sealed_by")

    class Meta:
        verbose_name = _("key of a letter")
        verbose_name_plural = _("keys of letters")
        indexes = [models.Index(fields=["wrapped_by"], name="letter_key_wrapped_by")]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.wrapped_by}"

    @property
    def sealed_as(self) -> str:
        """The letter's number in its table."""
        return str(self.appeal_id)


class SealedRow(models.Model):
    """A row, of a letter or about one, whose columns `<name>_sealed` are encrypted under that letter's key.

    A report of a mistake is such a row too, under a key of its own.
    """

    class Meta:
        abstract = True

    @property
    def letter_key(self) -> bytes:
        """The key that this row is sealed under: that of its letter."""
        raise NotImplementedError

    @property
    def sealed_as(self) -> str:
        """What names this row in the associated data: known before the row is inserted, never changed."""
        raise NotImplementedError

    def seal(self, column: str, plain: str) -> None:
        """Encrypt a text into a column."""
        self.seal_bytes(column, plain.encode())

    def seal_bytes(self, column: str, plain: bytes) -> None:
        """Encrypt bytes into a column."""
        sealed = seal(self.letter_key, plain, table=self._meta.db_table, row=self.sealed_as, column=column)
        setattr(self, f"{column}_sealed", sealed)

    def unseal(self, column: str) -> str:
        """Return a column's text; empty where nothing is. Raises appeals.sealing.CannotUnseal."""
        return self.unseal_bytes(column).decode()

    def unseal_bytes(self, column: str) -> bytes:
        """Return a column's bytes; none where nothing is. Raises appeals.sealing.CannotUnseal."""
        sealed = getattr(self, f"{column}_sealed")
        if not sealed:
            return b""
        table = self._meta.db_table
        return unseal(self.letter_key, bytes(sealed), table=table, row=self.sealed_as, column=column)
