WITH
-- @include parameter-traffic
SELECT known.name, known.version, known.value, known.trainable, known.description, known.schema, known.first_seen_ns,
  (
    SELECT count(DISTINCT trace_id) FROM production u WHERE u.name = known.name AND u.version = known.version
  ) AS runs
FROM known
WHERE known.name = $1
ORDER BY known.first_seen_ns, known.version
