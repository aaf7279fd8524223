-- One row per run: a trace with at most one run span, or the sub-tree of each run span. Reads `span`, `feedback`
-- and `parameter_use`, and nothing else of a trace: a caller may put the rows of some traces under these names. What the
-- names of feedback mean rests on all of it (`main.feedback_name`). `experiment` is NULL but for runs of trials.
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
-- What a model gave in one response is paid for once, however many spans tell of it.
counted AS (
  SELECT id,
    count(*) AS spans,
    count(*) FILTER (WHERE status_code = 2) AS errors,
    max(session) AS session,
    max(user_id) AS user_id,
    max(service) AS service,
    CASE WHEN response IS NULL THEN sum(input_tokens) ELSE max(input_tokens) END AS input_tokens,
    CASE WHEN response IS NULL THEN sum(output_tokens) ELSE max(output_tokens) END AS output_tokens,
    CASE WHEN response IS NULL THEN sum(cache_read_tokens) ELSE max(cache_read_tokens) END AS cache_read_tokens,
    CASE WHEN response IS NULL THEN sum(cache_write_tokens) ELSE max(cache_write_tokens) END AS cache_write_tokens,
    CASE WHEN response IS NULL THEN sum(reasoning_tokens) ELSE max(reasoning_tokens) END AS reasoning_tokens,
    CASE WHEN response IS NULL THEN sum(cost_usd) ELSE max(cost_usd) END AS cost_usd
  FROM (SELECT *, CASE WHEN op_kind = 'llm' AND call_id IS NOT NULL THEN hash(call_id) END AS response FROM member)
  GROUP BY id, response
),
total AS (
  SELECT id,
    sum(spans)::BIGINT AS spans,
    sum(errors)::BIGINT AS errors,
    max(session) AS session,
    max(user_id) AS user_id,
    max(service) AS service,
    coalesce(sum(input_tokens), 0)::BIGINT AS input_tokens,
    coalesce(sum(output_tokens), 0)::BIGINT AS output_tokens,
    coalesce(sum(cache_read_tokens), 0)::BIGINT AS cache_read_tokens,
    coalesce(sum(cache_write_tokens), 0)::BIGINT AS cache_write_tokens,
    coalesce(sum(reasoning_tokens), 0)::BIGINT AS reasoning_tokens,
    sum(cost_usd) AS cost_usd
  FROM counted
  GROUP BY id
),
-- Feedback on a trace as a whole belongs to the run that is the whole trace. Scores meet only those of their own name.
judged AS (
  SELECT given.id,
    name,
    any_value(n.rank) AS rank,
    avg(normalized_score(given.score, given.label, n.low, n.high, n.categories, n.direction)) AS score,
    count(*) AS feedback
  FROM (
    SELECT f.trace_id AS id, f.name, f.score, f.label
    FROM feedback f
    WHERE f.span_id = ''
    UNION ALL
    SELECT m.id, f.name, f.score, f.label
    FROM member m
    JOIN feedback f ON f.trace_id = m.trace_id AND f.span_id = m.span_id
  ) given
  LEFT JOIN main.feedback_name n USING (name)
  GROUP BY given.id, name
),
-- The score of a run is that of the first of the ranked names which it has.
verdict AS (
  SELECT id,
    arg_min(score, rank) FILTER (score IS NOT NULL AND rank IS NOT NULL) AS score,
    to_json(map_from_entries(list({'name': name, 'score': score}) FILTER (score IS NOT NULL))) AS scores,
    sum(feedback)::BIGINT AS feedback
  FROM judged
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
  coalesce(run.user_id, total.user_id) AS user_id,
  run.started_at,
  run.start_ns,
  run.duration_ms,
  total.spans,
  total.errors,
  run.failed,
  run.error,
  verdict.score,
  coalesce(verdict.scores, '{}'::JSON) AS scores,
  coalesce(verdict.feedback, 0) AS feedback,
  total.input_tokens,
  total.output_tokens,
  total.cache_read_tokens,
  total.cache_write_tokens,
  total.reasoning_tokens,
  total.cost_usd,
  coalesce(used.parameters, '{}'::JSON) AS parameters,
  tried.experiment
FROM run
JOIN total ON total.id = run.id
LEFT JOIN main.trial_trace tried ON tried.trace_id = run.trace_id
LEFT JOIN verdict ON verdict.id = run.id
LEFT JOIN used ON used.id = run.id
