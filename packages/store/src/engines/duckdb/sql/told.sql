-- One row per span, with the JSON of its input and of its output. Spans of our own have no texts here: they say where their
-- inputs come from. Letters that were written as escapes stand as themselves, and blanks as one, so that equal texts are equal; in
-- `input_json` and `output_json` blanks are as they came. A model call that holds another one with an answer is left out:
-- two instrumentations record the same call.
SELECT trace_id, span, parent, op, kind, call, began, flat_text(input) AS input, flat_text(output) AS output,
  input AS input_json, output AS output_json
FROM (
SELECT trace_id, span, parent, op, kind, call, began,
  CASE WHEN contains(input, '\u') THEN written_json(json_extract(input, '$')::VARCHAR) ELSE input END AS input,
  CASE WHEN contains(output, '\u') THEN written_json(json_extract(output, '$')::VARCHAR) ELSE output END AS output
FROM (
SELECT span.trace_id, span.span_id AS span, span.parent_span_id AS parent, span.op, span.op_kind AS kind, span.call_id AS call, span.start_ns AS began,
  CASE WHEN span.dialect = 'trace2' THEN NULL ELSE coalesce(span.input, CASE WHEN span.input_plain THEN written_json(to_json(ic.text)::VARCHAR) ELSE ic.text END)::VARCHAR END AS input,
  CASE WHEN span.dialect = 'trace2' THEN NULL ELSE coalesce(span.output, CASE WHEN span.output_plain THEN written_json(to_json(oc.text)::VARCHAR) ELSE oc.text END)::VARCHAR END AS output
FROM span
LEFT JOIN content ic ON ic.hash = span.input_ref AND span.dialect <> 'trace2'
LEFT JOIN content oc ON oc.hash = span.output_ref AND span.dialect <> 'trace2'
WHERE
-- @include is-operator
) written
) told
WHERE NOT (told.kind IS NOT DISTINCT FROM 'llm' AND EXISTS (
  SELECT 1 FROM span held
  WHERE held.trace_id = told.trace_id AND held.parent_span_id = told.span AND held.op_kind = 'llm'
    AND held.dialect <> 'trace2' AND (held.output IS NOT NULL OR held.output_ref IS NOT NULL)
))
