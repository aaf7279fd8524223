WITH
-- @include parameter-traffic
SELECT name, version, value, trainable, description, schema, kind, first_seen_ns, runs
FROM known
WHERE name = $1
ORDER BY first_seen_ns, version
