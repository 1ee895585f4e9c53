-- One house of each street that has any: half-way through its index, so not at an end of the street.
SELECT asked.street, house.number, house.key, ST_X(house.location) AS lon, ST_Y(house.location) AS lat
FROM unnest(%(streets)s::bigint[]) AS asked (street)
CROSS JOIN LATERAL (
    SELECT number, key, location
    FROM geo_house
    WHERE street_id = asked.street
    ORDER BY key
    OFFSET (SELECT count(*) / 2 FROM geo_house WHERE street_id = asked.street)
    LIMIT 1
) AS house
