-- Per version of a parameter the production runs that used it, and per name of feedback what these came to.
WITH used AS MATERIALIZED (
  SELECT id, start_ns, scores, (parameters::MAP(VARCHAR, VARCHAR))[$1::VARCHAR] AS version
  FROM v_run
  WHERE start_ns >= $2::UBIGINT AND experiment IS NULL
),
run AS (
  SELECT version, count(*) AS runs, min(start_ns)::VARCHAR AS first_ns, max(start_ns)::VARCHAR AS last_ns
  FROM used
  WHERE version IS NOT NULL
  GROUP BY version
),
judged AS (
  SELECT version, entry.key AS name, entry.value AS score
  FROM (SELECT version, unnest(map_entries(scores::MAP(VARCHAR, DOUBLE))) AS entry FROM used WHERE version IS NOT NULL)
)
SELECT run.version, run.runs, run.first_ns, run.last_ns, summary.name, summary.judged, summary.mean, summary.squares
FROM run
LEFT JOIN (
  SELECT version, name, count(*) AS judged, avg(score) AS mean, var_pop(score) * count(*) AS squares
  FROM judged
  GROUP BY version, name
) summary USING (version)
ORDER BY run.first_ns::UBIGINT, run.version, summary.name
