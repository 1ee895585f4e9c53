-- Who answers for the districts `answered` of the city `hit` on the local day of a moment, the public card's order:
-- acting first; with the rows that a letter names: the edition and the list of streets in force.
SELECT
    json_build_object(
        'id', district.id, 'city_id', district.city_id, 'code', district.code,
        'name_uk', district.name_uk, 'name_en', district.name_en
    ) AS district,
    CASE WHEN edition.id IS NOT NULL THEN json_build_object('id', edition.id, 'number', edition.number) END AS edition,
    CASE WHEN list.id IS NOT NULL THEN json_build_object('id', list.id, 'number', list.number) END AS territory_list,
    stands.officer, stands.role
FROM hit
CROSS JOIN answered
JOIN geo_district AS district ON district.id = answered.district_id
LEFT JOIN geo_boundaryedition AS edition ON edition.id = hit.edition_id
LEFT JOIN geo_territorylist AS list ON list.city_id = hit.city_id AND list.period @> %(at)s::timestamptz
LEFT JOIN LATERAL (
    SELECT
        posting.role,
        json_build_object(
            'id', officer.id, 'key', officer.key, 'user_id', officer.user_id,
            'name_uk', officer.name_uk, 'name_en', officer.name_en
        ) AS officer
    FROM people_posting AS posting
    JOIN people_officer AS officer ON officer.id = posting.officer_id
    WHERE posting.district_id = answered.district_id
        AND posting.during @> (%(at)s::timestamptz AT TIME ZONE 'Europe/Kyiv')::date
        AND NOT EXISTS (
            SELECT FROM people_leave AS leave
            WHERE leave.officer_id = posting.officer_id
                AND leave.during @> (%(at)s::timestamptz AT TIME ZONE 'Europe/Kyiv')::date
        )
    ORDER BY posting.role, posting.officer_id
    LIMIT 1
) AS stands ON true
ORDER BY answered.is_own DESC, answered.distance_m, district.code COLLATE "C"
