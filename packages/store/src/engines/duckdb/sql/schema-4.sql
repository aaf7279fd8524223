-- Version 4. The inputs of a span are a column of it: `edge_ref` is a view that takes them apart. A span that was sent twice
-- with different times is there twice, each time with its own inputs.
ALTER TABLE span ADD COLUMN inputs JSON;
UPDATE span SET inputs = old.inputs FROM (
  SELECT trace_id, span_id, start_ns,
    to_json(list({
      'r': role,
      'o': origin,
      'h': how,
      'p': pointer,
      'a': coalesce(origin_trace_id, parameter, value_hash),
      'b': coalesce(origin_span_id, version),
      'd': distinctive,
      'v': value,
      'c': CASE WHEN value_ref IS NOT NULL THEN json_object('contentValue', value_ref) END
    } ORDER BY rowid)) AS inputs
  FROM edge_ref
  GROUP BY trace_id, span_id, start_ns
) old
WHERE span.trace_id = old.trace_id AND span.span_id = old.span_id AND span.start_ns = old.start_ns;
DROP VIEW IF EXISTS v_edge;
DROP VIEW IF EXISTS v_node;
DROP VIEW IF EXISTS v_edge_ref;
DROP TABLE edge_ref;
