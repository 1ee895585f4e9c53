-- Who answers for a district of a city on the local day of a moment, the public card's order: acting first; with the
-- rows that a letter names: an edition by its number, and the list of streets in force.
SELECT
    json_build_object(
        'id', district.id, 'city_id', district.city_id, 'code', district.code,
        'name_uk', district.name_uk, 'name_en', district.name_en
    ) AS district,
    CASE WHEN edition.id IS NOT NULL THEN json_build_object('id', edition.id, 'number', edition.number) END AS edition,
    CASE WHEN list.id IS NOT NULL THEN json_build_object('id', list.id, 'number', list.number) END AS territory_list,
    CASE WHEN officer.id IS NOT NULL THEN json_build_object(
        'id', officer.id, 'key', officer.key, 'user_id', officer.user_id,
        'name_uk', officer.name_uk, 'name_en', officer.name_en
    ) END AS officer,
    posting.role
FROM geo_district AS district
LEFT JOIN geo_boundaryedition AS edition
    ON edition.city_id = district.city_id AND edition.number = nullif(%(edition)s::text, '')::int
LEFT JOIN geo_territorylist AS list ON list.city_id = district.city_id AND list.period @> %(at)s::timestamptz
LEFT JOIN people_posting AS posting
    ON posting.district_id = district.id
    AND posting.during @> (%(at)s::timestamptz AT TIME ZONE 'Europe/Kyiv')::date
    AND NOT EXISTS (
        SELECT FROM people_leave AS leave
        WHERE leave.officer_id = posting.officer_id
            AND leave.during @> (%(at)s::timestamptz AT TIME ZONE 'Europe/Kyiv')::date
    )
LEFT JOIN people_officer AS officer ON officer.id = posting.officer_id
WHERE district.city_id = %(city)s::bigint AND district.code = %(code)s::text
ORDER BY posting.role, posting.officer_id
LIMIT 1
