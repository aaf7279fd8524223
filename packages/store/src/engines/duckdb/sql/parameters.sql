-- Every parameter in its latest version: the one used last, or where none was used, the one added last. What only
-- trials used is left out.
WITH
-- @include parameter-traffic
,
-- The 20 latest production runs of each parameter. Of versions that as many of them had, the one used last comes first.
latest AS (
  SELECT name, version, trace_id, max(start_ns) AS start_ns
  FROM parameter_use
  ANTI JOIN trial_trace USING (trace_id)
  GROUP BY name, version, trace_id
  QUALIFY row_number() OVER (PARTITION BY name ORDER BY max(start_ns) DESC, trace_id, version) <= 20
),
counted AS (
  SELECT name, version, count(*) AS runs, max(start_ns) AS start_ns FROM latest GROUP BY name, version
),
recent AS (
  SELECT counted.name,
    to_json(list(
      {'version': counted.version, 'value': of_version.value::JSON, 'runs': counted.runs}
      ORDER BY counted.runs DESC, counted.start_ns DESC, counted.version
    )) AS versions
  FROM counted
  JOIN parameter_version of_version ON of_version.name = counted.name AND of_version.version = counted.version
  GROUP BY counted.name
)
SELECT known.name, known.version, known.value, known.trainable, known.description, known.schema, known.kind, known.first_seen_ns,
  known.runs,
  count(*) OVER (PARTITION BY known.name) AS versions,
  max(known.last_used_ns) OVER (PARTITION BY known.name) AS last_used_ns,
  recent.versions AS recent
FROM known
LEFT JOIN recent ON recent.name = known.name
QUALIFY row_number() OVER (
  PARTITION BY known.name
  ORDER BY coalesce(known.last_used_ns, known.first_seen_ns) DESC, known.first_seen_ns DESC, known.version
) = 1
ORDER BY known.name
