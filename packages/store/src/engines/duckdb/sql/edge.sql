-- Edges of the computation graph, from producer to consumer, but for those that texts alone tell (`edge-text.sql`), of
-- all traces: what `graph/edges.ts` derives of one.
WITH RECURSIVE op AS (
  SELECT trace_id, span_id, parent_span_id, output_hash FROM span WHERE kind <> 'feedback'
),
external AS (
  SELECT * FROM edge_ref WHERE origin = 'value'
),
candidate AS (
  SELECT x.trace_id, p.span_id AS producer, x.span_id AS consumer, x.role
  FROM external x
  JOIN op p ON p.trace_id = x.trace_id AND p.output_hash = x.value_hash AND p.span_id <> x.span_id
  WHERE x.distinctive
),
-- @include derived
,
-- A recorded use of a span's output by its parent, or by another operator inside that parent; what another trace did
-- with it, whose spans may be numbered alike, says nothing of this one.
used AS (
  SELECT origin_trace_id AS trace_id, origin_span_id AS producer, span_id AS inside
  FROM edge_ref
  WHERE origin = 'span' AND origin_trace_id = trace_id
  UNION
  SELECT e.origin_trace_id, e.origin_span_id, op.parent_span_id
  FROM edge_ref e
  JOIN op ON op.trace_id = e.trace_id AND op.span_id = e.span_id
  WHERE e.origin = 'span' AND e.origin_trace_id = e.trace_id
)
SELECT trace_id,
  'span:' || origin_trace_id || ':' || origin_span_id AS from_id,
  'span:' || trace_id || ':' || span_id AS to_id,
  role, pointer, how
FROM edge_ref
WHERE origin IN ('span', 'link')
UNION
SELECT trace_id, 'param:' || parameter || '@' || version, 'span:' || trace_id || ':' || span_id, role, pointer, how
FROM edge_ref
WHERE origin = 'parameter'
UNION
SELECT trace_id, 'span:' || trace_id || ':' || producer, 'span:' || trace_id || ':' || consumer, role, '',
  'hash'
FROM derived
UNION
SELECT trace_id, 'value:' || value_hash, 'span:' || trace_id || ':' || span_id, role, pointer, how
FROM external x
WHERE NOT EXISTS (
  SELECT 1 FROM derived d
  WHERE d.trace_id = x.trace_id AND d.consumer = x.span_id AND d.role = x.role
)
UNION
SELECT c.trace_id, 'span:' || c.trace_id || ':' || c.span_id, 'span:' || c.trace_id || ':' || c.parent_span_id,
  'contains', '', 'contains'
FROM op c
JOIN op p ON p.trace_id = c.trace_id AND p.span_id = c.parent_span_id
WHERE NOT EXISTS (
  SELECT 1 FROM used u WHERE u.trace_id = c.trace_id AND u.producer = c.span_id AND u.inside = c.parent_span_id
)
