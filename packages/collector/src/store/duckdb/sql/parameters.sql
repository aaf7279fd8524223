-- Every parameter in its latest version: the one used last, or where none was used, the one added last.
WITH used AS (
  SELECT name, version, count(DISTINCT trace_id) AS runs, max(start_ns) AS last_used_ns
  FROM parameter_use
  GROUP BY name, version
)
SELECT known.name, known.version, known.value, known.trainable, known.description, known.schema, known.first_seen_ns,
  coalesce(used.runs, 0) AS runs,
  count(*) OVER (PARTITION BY known.name) AS versions,
  max(used.last_used_ns) OVER (PARTITION BY known.name) AS last_used_ns
FROM parameter_version known
LEFT JOIN used ON used.name = known.name AND used.version = known.version
QUALIFY row_number() OVER (
  PARTITION BY known.name
  ORDER BY coalesce(used.last_used_ns, known.first_seen_ns) DESC, known.first_seen_ns DESC, known.version
) = 1
ORDER BY known.name
