-- One row per run: a trace with at most one run span, or the sub-tree of each run span. Reads `span`, `feedback`
-- and `parameter_use`, and nothing else: a caller may put the rows of some traces under these names.
WITH RECURSIVE
-- @include head
,
divided AS MATERIALIZED (
  SELECT op.* FROM op SEMI JOIN several USING (trace_id)
),
inside AS (
  SELECT trace_id, span_id AS head, span_id
  FROM divided
  WHERE kind = 'run'
  UNION
  SELECT inside.trace_id, inside.head, divided.span_id
  FROM inside
  JOIN divided ON divided.trace_id = inside.trace_id AND divided.parent_span_id = inside.span_id
),
member AS NOT MATERIALIZED (
  SELECT op.trace_id AS id, op.*
  FROM op
  ANTI JOIN several USING (trace_id)
  UNION ALL
  SELECT inside.trace_id || ':' || inside.head, divided.*
  FROM inside
  JOIN divided ON divided.trace_id = inside.trace_id AND divided.span_id = inside.span_id
),
total AS (
  SELECT id,
    count(*) AS spans,
    count(*) FILTER (WHERE status_code = 2) AS errors,
    max(session) AS session,
    max(service) AS service,
    coalesce(sum(input_tokens), 0)::BIGINT AS input_tokens,
    coalesce(sum(output_tokens), 0)::BIGINT AS output_tokens,
    sum(cost_usd) AS cost_usd
  FROM member
  GROUP BY id
),
-- Feedback on a trace as a whole belongs to the run that is the whole trace.
judged_whole AS (
  SELECT f.trace_id AS id, avg(f.score) AS score, count(*) AS feedback, count(f.score) AS scores
  FROM feedback f
  WHERE f.span_id = ''
  GROUP BY f.trace_id
),
verdict AS (
  SELECT id, sum(score * scores) / nullif(sum(scores), 0) AS score, sum(feedback)::BIGINT AS feedback
  FROM (
    SELECT m.id, avg(f.score) AS score, count(f.score) AS scores, count(*) AS feedback
    FROM member m
    JOIN feedback f ON f.trace_id = m.trace_id AND f.span_id = m.span_id
    GROUP BY m.id
    UNION ALL
    SELECT id, score, scores, feedback FROM judged_whole
  )
  GROUP BY id
),
-- Of a parameter used in two versions within a run, the one used last.
used AS (
  SELECT id, json_group_object(name, version) AS parameters
  FROM (
    SELECT m.id, u.name, arg_max(u.version, {'start': u.start_ns, 'version': u.version}) AS version
    FROM member m
    JOIN parameter_use u ON u.trace_id = m.trace_id AND u.span_id = m.span_id
    GROUP BY m.id, u.name
    ORDER BY u.name
  )
  GROUP BY id
)
SELECT run.id,
  run.trace_id,
  run.span_id,
  run.name,
  coalesce(run.service, total.service) AS service,
  coalesce(run.session, total.session) AS session,
  run.started_at,
  run.start_ns,
  run.duration_ms,
  total.spans,
  total.errors,
  run.failed,
  run.error,
  verdict.score,
  coalesce(verdict.feedback, 0) AS feedback,
  total.input_tokens,
  total.output_tokens,
  total.cost_usd,
  coalesce(used.parameters, '{}'::JSON) AS parameters
FROM run
JOIN total ON total.id = run.id
LEFT JOIN verdict ON verdict.id = run.id
LEFT JOIN used ON used.id = run.id
