-- Nodes of the computation graphs of all traces.
SELECT span.trace_id,
  'span:' || span.trace_id || ':' || span.span_id AS id,
  node_kind AS kind,
  span.op AS name,
  NULL AS version,
  CASE
    WHEN node_kind = 'exception' THEN to_json(coalesce(span.error, ''))
    WHEN span.output_ref IS NULL THEN span.output
    WHEN span.output_plain THEN to_json(content.text)
    ELSE content.text::JSON
  END AS value,
  span.span_id,
  span.parent_span_id,
  span.start_ns
FROM (
  SELECT *,
-- @include node-kind
    AS node_kind
  FROM span
  WHERE
-- @include is-operator
) span
LEFT JOIN content ON content.hash = span.output_ref
UNION ALL
SELECT used.trace_id, 'param:' || used.parameter || '@' || used.version, 'parameter', used.parameter, used.version,
  known.value, NULL, NULL, NULL
FROM (SELECT DISTINCT trace_id, parameter, version FROM edge_ref WHERE origin = 'parameter') used
LEFT JOIN parameter_version known ON known.name = used.parameter AND known.version = used.version
UNION ALL
SELECT e.trace_id, 'value:' || e.value_hash, 'input', NULL, NULL,
  coalesce(any_value(e.value), any_value(content.text)::JSON), NULL, NULL, NULL
FROM edge_ref e
LEFT JOIN content ON content.hash = e.value_ref
WHERE e.origin = 'value'
GROUP BY e.trace_id, e.value_hash
