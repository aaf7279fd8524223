-- Uses of parameters by production runs, and the versions that are known otherwise than from trials alone.
production AS (
  SELECT name, version, trace_id, start_ns FROM parameter_use ANTI JOIN trial_trace USING (trace_id)
),
tried AS (
  SELECT name, version FROM parameter_use SEMI JOIN trial_trace USING (trace_id)
  EXCEPT
  SELECT name, version FROM production
),
known AS (
  FROM parameter_version of_version
  WHERE coalesce(added, false)
    OR NOT EXISTS (SELECT 1 FROM tried WHERE tried.name = of_version.name AND tried.version = of_version.version)
)
