op AS NOT MATERIALIZED (
  SELECT trace_id, span_id, parent_span_id, start_ns, end_ns, kind, op, op_kind, call_id, service, session, user_id,
    status_code, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_usd, error
  FROM span
  WHERE kind NOT IN ('feedback', 'aside')
),
top AS MATERIALIZED (
  SELECT * FROM op WHERE kind = 'run' OR parent_span_id IS NULL
),
several AS MATERIALIZED (
  SELECT trace_id FROM top WHERE kind = 'run' GROUP BY trace_id HAVING count(*) > 1
),
-- Most traces have a root, so the other columns of these spans are read only when they are known to be needed.
rootless AS MATERIALIZED (
  SELECT op.*
  FROM op
  SEMI JOIN (FROM (SELECT DISTINCT trace_id FROM op) ANTI JOIN top USING (trace_id)) USING (trace_id)
),
-- Spans that may stand for a whole trace: its run span, else a root, else one whose parent is missing, else any.
candidate AS (
  SELECT top.*, top.kind <> 'run' AS rank
  FROM top
  ANTI JOIN several USING (trace_id)
  UNION ALL
  SELECT op.*, parent.span_id IS NOT NULL
  FROM rootless op
  LEFT JOIN rootless parent ON parent.trace_id = op.trace_id AND parent.span_id = op.parent_span_id
),
head AS (
  SELECT trace_id AS id, unnest(arg_min(candidate, {'rank': rank, 'start': start_ns, 'id': span_id}))
  FROM candidate
  GROUP BY trace_id
  UNION ALL BY NAME
  SELECT trace_id || ':' || span_id AS id, top.*
  FROM top
  SEMI JOIN several USING (trace_id)
  WHERE kind = 'run'
),
-- What the span that stands for a run says of it.
run AS (
  SELECT id, trace_id, span_id,
    op AS name,
    service,
    session,
    user_id,
    time_of(start_ns) AS started_at,
    start_ns,
    greatest(end_ns::HUGEINT - start_ns::HUGEINT, 0)::DOUBLE / 1e6 AS duration_ms,
    status_code = 2 AS failed,
    error
  FROM head
)
