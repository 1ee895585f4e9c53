-- The rules in force at a moment for each of some streets, those of its settlement among them. Whatever a person decided
-- for the text of a document counts as the document's own.
WITH list AS (
    SELECT id FROM geo_territorylist WHERE city_id = %(city)s::bigint AND period @> %(at)s::timestamptz
),
asked AS (
    SELECT id, settlement_id FROM geo_street WHERE id = ANY(%(streets)s::bigint[])
),
named AS (
    SELECT asked.id AS asked, rule.*
    FROM asked JOIN geo_territoryrule AS rule ON rule.street_id = asked.id
    UNION ALL
    SELECT asked.id, rule.*
    FROM asked JOIN geo_territoryrule AS rule ON rule.settlement_id = asked.settlement_id
)
SELECT named.asked, district.code AS district, named.street_id AS street, named.settlement_id AS settlement,
       named.houses, CASE WHEN named.text = '' THEN named.corrected_in ELSE 0 END AS corrected_in
FROM named
JOIN list ON list.id = named.territory_list_id
JOIN geo_district AS district ON district.id = named.district_id
WHERE named.unread = '' AND named.houses <> ''
