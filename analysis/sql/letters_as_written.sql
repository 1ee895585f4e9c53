-- The letters of some months, packed, and by which transactions the days of each were written last, as one moment shows
-- both; null where this one has written something. A month of which nothing can be seen has no letters.
-- A month is told of as in months_as_written.sql: what is held is found by it.
WITH counts (month, day, cell, letters) AS ({rows}),
told AS (
    SELECT month, string_agg(int4send(day - DATE '0001-01-01' + 1) || int8send(cell) || int4send(letters), '') AS packed
    FROM counts GROUP BY month
),
days AS (
    SELECT extract(year FROM day.local)::integer * 12 + extract(month FROM day.local)::integer AS month,
        md5(string_agg(counted.number || ':' || counted.xmin::text, ' ' ORDER BY counted.number, counted.kept)) AS written
    FROM analysis_sumcount AS counted
    CROSS JOIN LATERAL (SELECT DATE '0001-01-01' + (counted.number - 1)::integer AS local OFFSET 0) AS day
    WHERE counted.city_id = %s AND counted.kind = 1
    GROUP BY 1
)
SELECT month, CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN days.written END, coalesce(told.packed, '')
FROM days LEFT JOIN told USING (month)
WHERE month = ANY(%s)
