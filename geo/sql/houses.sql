-- The houses of a key on some streets; on the best of them also those of several numbers («5-7») and, while the number
-- is being typed, those whose key begins so.
SELECT street_id AS street, number, key, ST_X(location) AS lon, ST_Y(location) AS lat
FROM geo_house
WHERE street_id = ANY(%(streets)s::bigint[]) AND key = %(key)s::text
UNION ALL
SELECT street_id, number, key, ST_X(location), ST_Y(location)
FROM geo_house
WHERE street_id = ANY(%(best)s::bigint[]) AND key <> %(key)s::text
  AND (strpos(key, '-') > 0 OR %(begun)s::boolean AND starts_with(key, %(key)s::text))
