-- The next number of a city and year, from 1, without gaps; the series is locked until the commit.
INSERT INTO appeals_numberseries AS known (city_id, year, last) VALUES (%(city_id)s::bigint, %(year)s::smallint, 1)
ON CONFLICT (city_id, year) DO UPDATE SET last = known.last + 1
RETURNING last
