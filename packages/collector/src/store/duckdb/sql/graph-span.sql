-- What an operator node needs. Reads `span` and `content` only, like node.sql. Times are text: they are wider than a
-- JavaScript number.
SELECT 'span:' || span.trace_id || ':' || span.span_id AS id,
  span.span_id, span.trace_id, span.parent_span_id, span.kind, span.op, span.description, span.source_hash,
  span.dialect, span.templates::VARCHAR AS templates, span.model, span.start_ns::VARCHAR AS start_ns,
  span.end_ns::VARCHAR AS end_ns, span.status_code, span.error, span.error_frame,
  coalesce(span.input::VARCHAR, CASE WHEN span.input_plain THEN to_json(ic.text)::VARCHAR ELSE ic.text END) AS input,
  coalesce(span.output::VARCHAR, CASE WHEN span.output_plain THEN to_json(oc.text)::VARCHAR ELSE oc.text END) AS output
FROM span
LEFT JOIN content ic ON ic.hash = span.input_ref
LEFT JOIN content oc ON oc.hash = span.output_ref
WHERE span.kind <> 'feedback'
