-- Count a use of one door by a subject, and a use of another by its caller where it is the subject's first in the window.
WITH first AS (
    INSERT INTO geo_doorcount AS known (door, caller_hash, "window", uses)
    VALUES (%(subject_door)s::text, %(subject_hash)s::text, %(subject_window)s::bigint, 1)
    ON CONFLICT (door, caller_hash) DO UPDATE
    SET uses = CASE WHEN known."window" = EXCLUDED."window" THEN known.uses ELSE 0 END + 1,
        "window" = EXCLUDED."window"
    RETURNING uses
)
INSERT INTO geo_doorcount AS known (door, caller_hash, "window", uses)
SELECT %(door)s::text, %(caller_hash)s::text, %(window)s::bigint, CASE first.uses WHEN 1 THEN 1 ELSE 0 END FROM first
ON CONFLICT (door, caller_hash) DO UPDATE
SET uses = CASE WHEN known."window" = EXCLUDED."window" THEN known.uses ELSE 0 END + EXCLUDED.uses,
    "window" = EXCLUDED."window"
RETURNING json_build_object('uses', uses, 'subject_uses', (SELECT first.uses FROM first))
