-- One house of each street that has any, about the middle of its numbers.
SELECT street, number, key, ST_X(location) AS lon, ST_Y(location) AS lat
FROM (
    SELECT street_id AS street, number, key, location, count(*) OVER of_street AS houses,
           row_number() OVER (of_street ORDER BY length(key), key COLLATE "C") AS place
    FROM geo_house
    WHERE street_id = ANY(%(streets)s::bigint[])
    WINDOW of_street AS (PARTITION BY street_id)
) AS ordered
WHERE place = houses / 2 + 1
