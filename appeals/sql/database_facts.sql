-- What guards the rows of a database and what they mean, line by line, so that two databases can be compared: name, fact.
WITH ours AS (
    SELECT c.* FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
), routines AS (
    SELECT p.* FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
)
SELECT format('column %s.%s', o.relname, a.attname),
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                 nullif(a.attidentity, ''), pg_get_expr(d.adbin, d.adrelid))
FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
UNION ALL
SELECT format('owner %s', relname), pg_get_userbyid(relowner) FROM ours
UNION ALL
SELECT format('row security %s', relname), concat_ws(' ', relrowsecurity, relforcerowsecurity) FROM ours WHERE relkind IN ('r', 'p')
UNION ALL
SELECT format('policy %s.%s', tablename, policyname),
       concat_ws(' | ', permissive, cmd, (SELECT string_agg(r, ',' ORDER BY r) FROM unnest(roles) r), qual, with_check)
FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT format('trigger %s.%s', o.relname, t.tgname), concat_ws(' ', t.tgenabled, pg_get_triggerdef(t.oid))
FROM ours o JOIN pg_trigger t ON t.tgrelid = o.oid AND NOT t.tgisinternal
UNION ALL
SELECT format('constraint %s.%s', o.relname, c.conname), concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated)
FROM ours o JOIN pg_constraint c ON c.conrelid = o.oid
UNION ALL
SELECT format('index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
FROM ours o JOIN pg_index i ON i.indrelid = o.oid
UNION ALL
SELECT format('function %s', p.oid::regprocedure), md5(pg_get_functiondef(p.oid)) FROM routines p
UNION ALL
SELECT format('right on %s of %s', o.relname, coalesce(g.rolname, 'PUBLIC')),
       string_agg(concat(x.privilege_type, CASE WHEN x.is_grantable THEN '*' END), ' ' ORDER BY x.privilege_type)
FROM ours o
CROSS JOIN aclexplode(coalesce(o.relacl, acldefault(CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", o.relowner))) x
LEFT JOIN pg_roles g ON g.oid = x.grantee
GROUP BY o.relname, g.rolname
UNION ALL
SELECT format('right on %s.%s of %s', o.relname, a.attname, coalesce(g.rolname, 'PUBLIC')),
       string_agg(x.privilege_type, ' ' ORDER BY x.privilege_type)
FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attacl IS NOT NULL
CROSS JOIN aclexplode(a.attacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
GROUP BY o.relname, a.attname, g.rolname
UNION ALL
SELECT format('right on %s of %s', p.oid::regprocedure, coalesce(g.rolname, 'PUBLIC')), string_agg(x.privilege_type, ' ')
FROM routines p CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
LEFT JOIN pg_roles g ON g.oid = x.grantee
GROUP BY p.oid, g.rolname
