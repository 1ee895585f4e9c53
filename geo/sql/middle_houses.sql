-- One house of each street that has any: near number 20, or the last below it, so seldom at an end of the street.
-- Two probes of the index: the true middle, counted, takes twice as long.
SELECT asked.street, house.number, house.key, ST_X(house.location) AS lon, ST_Y(house.location) AS lat
FROM unnest(%(streets)s::bigint[]) AS asked (street)
CROSS JOIN LATERAL (
    (SELECT number, key, location FROM geo_house WHERE street_id = asked.street AND key >= '20' ORDER BY key LIMIT 1)
    UNION ALL
    (SELECT number, key, location FROM geo_house WHERE street_id = asked.street AND key < '20'
     ORDER BY key DESC LIMIT 1)
    LIMIT 1
) AS house
