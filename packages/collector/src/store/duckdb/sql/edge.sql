-- Edges of the computation graph, from producer to consumer. Reads `span`, `edge_ref` and `content`, and nothing
-- else: a caller may put the rows of one run under these names.
WITH RECURSIVE op AS (
  SELECT span.trace_id, span.span_id, span.parent_span_id, span.dialect, span.output_hash, span.call_id, span.op_kind,
    CASE WHEN span.dialect = 'trace2' THEN NULL ELSE coalesce(span.input, CASE WHEN span.input_plain THEN to_json(ic.text) ELSE ic.text END)::VARCHAR END AS input_text,
    CASE WHEN span.dialect = 'trace2' THEN NULL ELSE coalesce(span.output, CASE WHEN span.output_plain THEN to_json(oc.text) ELSE oc.text END)::VARCHAR END AS output_text
  FROM span
    LEFT JOIN content ic ON ic.hash = span.input_ref AND span.dialect <> 'trace2'
  LEFT JOIN content oc ON oc.hash = span.output_ref AND span.dialect <> 'trace2'
  WHERE span.kind <> 'feedback'
),
external AS (
  SELECT * FROM edge_ref WHERE origin = 'value'
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
  SELECT x.trace_id, p.span_id AS producer, x.span_id AS consumer, x.role, 'hash' AS how
  FROM external x
  JOIN op p ON p.trace_id = x.trace_id AND p.output_hash = x.value_hash AND p.span_id <> x.span_id
  WHERE x.distinctive
  UNION
  SELECT c.trace_id, s.span_id, c.span_id, 'input', 'text'
  FROM op c
  JOIN spoken s ON s.trace_id = c.trace_id AND s.span_id <> c.span_id
  WHERE c.input_text IS NOT NULL AND length(s.words) >= 8 AND contains(c.input_text, s.words)
  UNION
  -- A tool's result meets the model call that reads it, and the call that asked for it meets the tool, by call id.
  SELECT c.trace_id, t.span_id, c.span_id, 'input', 'text'
  FROM op t
  JOIN op c ON c.trace_id = t.trace_id AND c.span_id <> t.span_id
  WHERE t.op_kind = 'tool' AND length(t.call_id) >= 4 AND c.op_kind = 'llm' AND contains(c.input_text, t.call_id)
  UNION
  SELECT t.trace_id, c.span_id, t.span_id, 'arguments', 'text'
  FROM op t
  JOIN op c ON c.trace_id = t.trace_id AND c.span_id <> t.span_id
  WHERE t.op_kind = 'tool' AND length(t.call_id) >= 4 AND c.op_kind = 'llm' AND contains(c.output_text, t.call_id)
  UNION
  -- Where nobody keeps call ids, by the arguments.
  SELECT t.trace_id, c.span_id, t.span_id, 'arguments', 'text'
  FROM op t
  JOIN op c ON c.trace_id = t.trace_id AND c.span_id <> t.span_id
  WHERE t.op_kind = 'tool' AND t.call_id IS NULL AND length(t.input_text) >= 8 AND c.op_kind = 'llm'
    AND contains(c.output_text, t.input_text)
),
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
),
-- A recorded use of a span's output by its parent, or by another operator inside that parent.
used AS (
  SELECT origin_trace_id AS trace_id, origin_span_id AS producer, span_id AS inside
  FROM edge_ref
  WHERE origin = 'span'
  UNION
  SELECT e.origin_trace_id, e.origin_span_id, op.parent_span_id
  FROM edge_ref e
  JOIN op ON op.trace_id = e.trace_id AND op.span_id = e.span_id
  WHERE e.origin = 'span'
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
SELECT trace_id, 'span:' || trace_id || ':' || producer, 'span:' || trace_id || ':' || consumer, role, '', how
FROM derived
UNION
SELECT trace_id, 'value:' || value_hash, 'span:' || trace_id || ':' || span_id, role, pointer, how
FROM external x
WHERE NOT EXISTS (
  SELECT 1 FROM derived d
  WHERE d.trace_id = x.trace_id AND d.consumer = x.span_id AND d.role = x.role AND d.how = 'hash'
)
UNION
SELECT c.trace_id, 'span:' || c.trace_id || ':' || c.span_id, 'span:' || c.trace_id || ':' || c.parent_span_id,
  'contains', '', 'contains'
FROM op c
JOIN op p ON p.trace_id = c.trace_id AND p.span_id = c.parent_span_id
WHERE NOT EXISTS (
  SELECT 1 FROM used u WHERE u.trace_id = c.trace_id AND u.producer = c.span_id AND u.inside = c.parent_span_id
)
