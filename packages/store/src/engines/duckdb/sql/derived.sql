-- Ancestors of the candidates: an operator and what runs inside it share values without passing them on.
above AS (
  SELECT op.trace_id, op.span_id, op.parent_span_id AS ancestor
  FROM op
  SEMI JOIN (
    SELECT trace_id, producer AS span_id FROM candidate
    UNION
    SELECT trace_id, consumer FROM candidate
  ) ends ON ends.trace_id = op.trace_id AND ends.span_id = op.span_id
  WHERE op.parent_span_id IS NOT NULL
  UNION
  SELECT above.trace_id, above.span_id, op.parent_span_id
  FROM above
  JOIN op ON op.trace_id = above.trace_id AND op.span_id = above.ancestor
  WHERE op.parent_span_id IS NOT NULL
),
derived AS (
  SELECT * FROM candidate c
  WHERE NOT EXISTS (
      SELECT 1 FROM above WHERE above.trace_id = c.trace_id AND above.span_id = c.consumer AND above.ancestor = c.producer
    )
    AND NOT EXISTS (
      SELECT 1 FROM above WHERE above.trace_id = c.trace_id AND above.span_id = c.producer AND above.ancestor = c.consumer
    )
)
