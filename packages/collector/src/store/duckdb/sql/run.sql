-- One row per run: a trace with at most one run span, or the sub-tree of each run span. Reads `span`, `feedback`
-- and `parameter_use`, and nothing else: a caller may put the rows of some traces under these names.
WITH RECURSIVE op AS (
  SELECT trace_id, span_id, parent_span_id, start_ns, end_ns, kind, op, service, session, status_code,
    input_tokens, output_tokens, cost_usd, error
  FROM span
  WHERE kind <> 'feedback'
),
-- @include head
,
inside AS (
  SELECT op.trace_id, op.span_id AS head, op.span_id
  FROM op
  SEMI JOIN several USING (trace_id)
  WHERE op.kind = 'run'
  UNION
  SELECT inside.trace_id, inside.head, op.span_id
  FROM inside
  JOIN op ON op.trace_id = inside.trace_id AND op.parent_span_id = inside.span_id
),
member AS (
  SELECT head.trace_id AS id, head.span_id AS head, op.*
  FROM head
  JOIN op ON op.trace_id = head.trace_id
  UNION ALL
  SELECT inside.trace_id || ':' || inside.head, inside.head, op.*
  FROM inside
  JOIN op ON op.trace_id = inside.trace_id AND op.span_id = inside.span_id
),
total AS (
  SELECT id, trace_id, head,
    count(*) AS spans,
    count(*) FILTER (WHERE status_code = 2) AS errors,
    max(session) AS session,
    max(service) AS service,
    coalesce(sum(input_tokens), 0)::BIGINT AS input_tokens,
    coalesce(sum(output_tokens), 0)::BIGINT AS output_tokens,
    sum(cost_usd) AS cost_usd
  FROM member
  GROUP BY id, trace_id, head
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
SELECT total.id,
  total.trace_id,
  total.head AS span_id,
  op.op AS name,
  coalesce(op.service, total.service) AS service,
  coalesce(op.session, total.session) AS session,
  make_timestamp_ns(least(op.start_ns, 9223372036854775807)::BIGINT) AS started_at,
  op.start_ns,
  greatest(op.end_ns::HUGEINT - op.start_ns::HUGEINT, 0)::DOUBLE / 1e6 AS duration_ms,
  total.spans,
  total.errors,
  op.status_code = 2 AS failed,
  op.error,
  verdict.score,
  coalesce(verdict.feedback, 0) AS feedback,
  total.input_tokens,
  total.output_tokens,
  total.cost_usd,
  coalesce(used.parameters, '{}'::JSON) AS parameters
FROM total
JOIN op ON op.trace_id = total.trace_id AND op.span_id = total.head
LEFT JOIN verdict ON verdict.id = total.id
LEFT JOIN used ON used.id = total.id
