several AS (
  SELECT trace_id FROM op WHERE kind = 'run' GROUP BY trace_id HAVING count(*) > 1
),
-- The span that stands for a whole trace: its run span, else a root, else one whose parent is missing, else any.
plain_head AS (
  SELECT op.trace_id,
    arg_min(op.span_id, {'rank': op.kind <> 'run', 'start': op.start_ns, 'id': op.span_id}) AS span_id
  FROM op
  ANTI JOIN several USING (trace_id)
  WHERE op.kind = 'run' OR op.parent_span_id IS NULL
  GROUP BY op.trace_id
),
head AS (
  FROM plain_head
  UNION ALL
  SELECT op.trace_id,
    arg_min(op.span_id, {'rank': parent.span_id IS NOT NULL, 'start': op.start_ns, 'id': op.span_id})
  FROM op
  ANTI JOIN several USING (trace_id)
  ANTI JOIN plain_head USING (trace_id)
  LEFT JOIN op parent ON parent.trace_id = op.trace_id AND parent.span_id = op.parent_span_id
  GROUP BY op.trace_id
)
