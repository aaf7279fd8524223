-- Spans of operators, as the rules of the graph's edges know them (`graph/rules/edges.ts`).
SELECT trace_id, span_id AS span, parent_span_id AS parent, output_hash AS hash,
  start_ns AS began, greatest(start_ns, end_ns) AS ended
FROM span
WHERE
-- @include is-operator
