several AS (
  SELECT trace_id FROM op WHERE kind = 'run' GROUP BY trace_id HAVING count(*) > 1
),
-- The span that stands for a whole trace: its run span, else a root, else one whose parent is missing, else any.
head AS (
  SELECT op.trace_id,
    arg_min(op.span_id, {
      'rank': CASE
        WHEN op.kind = 'run' THEN 0
        WHEN op.parent_span_id IS NULL THEN 1
        WHEN parent.span_id IS NULL THEN 2
        ELSE 3
      END,
      'start': op.start_ns,
      'id': op.span_id
    }) AS span_id
  FROM op
  LEFT JOIN op parent ON parent.trace_id = op.trace_id AND parent.span_id = op.parent_span_id
  WHERE op.trace_id NOT IN (SELECT trace_id FROM several)
  GROUP BY op.trace_id
)
