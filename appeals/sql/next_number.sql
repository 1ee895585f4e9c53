INSERT INTO appeals_numberseries AS known (city_id, year, last) VALUES (%(city)s::bigint, %(year)s::smallint, 1)
ON CONFLICT (city_id, year) DO UPDATE SET last = known.last + 1
RETURNING last
