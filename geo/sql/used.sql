-- Return the uses of a door by a caller in a window, without counting one.
SELECT uses FROM geo_doorcount
WHERE door = %(door)s::text AND caller_hash = %(caller_hash)s::text AND "window" = %(window)s::bigint
