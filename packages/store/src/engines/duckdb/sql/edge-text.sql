-- Edges of all foreign traces by the texts that pass from span to span: what `graph/text-edges.ts` derives of one. Spans
-- of our own say where their inputs come from.
WITH RECURSIVE op AS (
  SELECT span.trace_id, span.span_id, span.parent_span_id, span.call_id, span.op_kind,
    CASE WHEN span.dialect = 'trace2' THEN NULL ELSE coalesce(span.input, CASE WHEN span.input_plain THEN to_json(ic.text) ELSE ic.text END)::VARCHAR END AS input_text,
    CASE WHEN span.dialect = 'trace2' THEN NULL ELSE coalesce(span.output, CASE WHEN span.output_plain THEN to_json(oc.text) ELSE oc.text END)::VARCHAR END AS output_text
  FROM span
  LEFT JOIN content ic ON ic.hash = span.input_ref AND span.dialect <> 'trace2'
  LEFT JOIN content oc ON oc.hash = span.output_ref AND span.dialect <> 'trace2'
  WHERE span.kind <> 'feedback'
),
-- Texts that a foreign span's output consists of, as they stand inside another span's JSON.
spoken AS (
  SELECT trace_id, span_id, unnest(
    CASE
      WHEN json_type(output_text) = 'VARCHAR' THEN [substring(output_text, 2, length(output_text) - 2)]
      WHEN op_kind = 'tool' THEN [output_text]
      ELSE list_transform(
        [json_extract(output_text, '$.content')]
          || json_extract(output_text, '$[*].content')
          || json_extract(output_text, '$[*].document.content'),
        lambda said: substring(said::VARCHAR, 2, length(said::VARCHAR) - 2)
      )
    END) AS words
  FROM op
  WHERE output_text IS NOT NULL AND op_kind IN ('llm', 'tool', 'retriever', 'agent')
),
candidate AS (
  SELECT c.trace_id, s.span_id AS producer, c.span_id AS consumer, 'input' AS role
  FROM op c
  JOIN spoken s ON s.trace_id = c.trace_id AND s.span_id <> c.span_id
  WHERE c.input_text IS NOT NULL AND length(s.words) >= 8 AND contains(c.input_text, s.words)
  UNION
  -- A tool's result meets the model call that reads it, and the call that asked for it meets the tool, by call id.
  SELECT c.trace_id, t.span_id, c.span_id, 'input'
  FROM op t
  JOIN op c ON c.trace_id = t.trace_id AND c.span_id <> t.span_id
  WHERE t.op_kind = 'tool' AND length(t.call_id) >= 4 AND c.op_kind = 'llm' AND contains(c.input_text, t.call_id)
  UNION
  SELECT t.trace_id, c.span_id, t.span_id, 'arguments'
  FROM op t
  JOIN op c ON c.trace_id = t.trace_id AND c.span_id <> t.span_id
  WHERE t.op_kind = 'tool' AND length(t.call_id) >= 4 AND c.op_kind = 'llm' AND contains(c.output_text, t.call_id)
  UNION
  -- Where nobody keeps call ids, by the arguments.
  SELECT t.trace_id, c.span_id, t.span_id, 'arguments'
  FROM op t
  JOIN op c ON c.trace_id = t.trace_id AND c.span_id <> t.span_id
  WHERE t.op_kind = 'tool' AND t.call_id IS NULL AND length(t.input_text) >= 8 AND c.op_kind = 'llm'
    AND contains(c.output_text, t.input_text)
),
-- @include derived
SELECT trace_id, 'span:' || trace_id || ':' || producer AS from_id, 'span:' || trace_id || ':' || consumer AS to_id,
  role, '' AS pointer, 'text' AS how
FROM derived
