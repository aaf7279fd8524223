-- What spans recorded of their inputs, as the rules of the graph's edges know it (`graph/rules/edges.ts`).
SELECT trace_id, span_id AS span, role, origin, how, pointer,
  coalesce(origin_trace_id, parameter, value_hash, '') AS a,
  coalesce(origin_span_id, version, '') AS b,
  distinctive
FROM edge_ref
