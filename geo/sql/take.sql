-- Count so many uses of a door by a caller in a window, and return all of them.
INSERT INTO geo_doorcount AS known (door, caller_hash, "window", uses)
VALUES (%(door)s::text, %(caller_hash)s::text, %(window)s::bigint, %(uses)s::bigint)
ON CONFLICT (door, caller_hash) DO UPDATE
SET uses = CASE WHEN known."window" = EXCLUDED."window" THEN known.uses ELSE 0 END + EXCLUDED.uses,
    "window" = EXCLUDED."window"
RETURNING json_build_object('uses', uses)
