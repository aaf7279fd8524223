-- What production and trials used, by version of a parameter, and the versions that are known otherwise than from trials
-- alone.
used AS (
  SELECT name, version,
    count(DISTINCT trace_id) FILTER (experiment IS NULL) AS runs,
    max(start_ns) FILTER (experiment IS NULL) AS last_used_ns
  FROM parameter_use
  LEFT JOIN trial_trace USING (trace_id)
  GROUP BY name, version
),
known AS (
  SELECT of_version.*, coalesce(used.runs, 0) AS runs, used.last_used_ns
  FROM parameter_version of_version
  LEFT JOIN used USING (name, version)
  WHERE of_version.added OR used.name IS NULL OR used.runs > 0
)
