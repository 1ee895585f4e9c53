-- The key that the next letter takes.
SELECT nextval(pg_get_serial_sequence('appeals_appeal', 'id')) AS id
