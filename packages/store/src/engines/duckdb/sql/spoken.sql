-- Texts that a stranger's output consists of, as they stand inside another span's JSON, and as they stand where that JSON is a text
-- inside of other JSON. `graph/spoken.ts` has the same.
WITH said AS MATERIALIZED (
  SELECT trace_id, span, parent, kind, input, trim(flat_text(said)) AS words
  FROM (
    SELECT trace_id, span, parent, kind, input, unnest(
      CASE
        WHEN kind = 'chain' THEN list_transform(
          list_filter(
            [output_json::JSON] || json_extract(output_json, '$..*'),
            lambda said: json_type(said) = 'VARCHAR' AND length(said ->> '$') >= 20
              -- What Python prints of an object is nobody's words, and often cut.
              AND NOT regexp_matches(said ->> '$', '^[A-Za-z_][A-Za-z0-9_.]*\([A-Za-z_][A-Za-z0-9_]*=')
          ),
          lambda said: substring(written_json(said::VARCHAR), 2, length(said::VARCHAR) - 2)
        )
        WHEN json_type(output_json) = 'VARCHAR' THEN [substring(output_json, 2, length(output_json) - 2)]
        WHEN kind = 'tool' THEN [output_json, coalesce(typed_json(output_json), output_json)]
        ELSE list_transform(
          [json_extract(output_json, '$.content')]
            || json_extract(output_json, '$[*].content')
            || json_extract(output_json, '$[*].document.content'),
          lambda said: substring(written_json(said::VARCHAR), 2, length(said::VARCHAR) - 2)
        )
      END) AS said
    FROM told
    WHERE output_json IS NOT NULL AND kind IN ('llm', 'tool', 'retriever', 'agent', 'chain')
  )
)
SELECT trace_id, span, unnest(
  CASE
    WHEN contains(words, '\') THEN [words, replace(replace(words, '\', '\\'), '"', '\"')]
    ELSE [words]
  END) AS words
FROM said
-- What a chain was given itself, it only hands on: the words come from where it has them. What runs in it says by itself what the
-- chain gives of it.
WHERE kind <> 'chain' OR NOT (
  coalesce(contains(input, words), false)
  OR EXISTS (
    SELECT 1 FROM said inner_said
    WHERE inner_said.trace_id = said.trace_id AND inner_said.parent = said.span AND inner_said.words = said.words
  )
)
