-- Texts that a stranger's output consists of, as they stand inside another span's JSON. `graph/spoken.ts` has the same.
WITH said AS MATERIALIZED (
SELECT trace_id, span, parent, kind, input, unnest(
  CASE
    WHEN kind = 'chain' THEN list_transform(
      list_filter(
        CASE json_type(output) WHEN 'OBJECT' THEN json_extract(output, '$.*') ELSE [output::JSON] END,
        lambda said: json_type(said) = 'VARCHAR' AND length(said ->> '$') >= 20
          -- What Python prints of an object is nobody's words, and often cut.
          AND NOT regexp_matches(said ->> '$', '^[A-Za-z_][A-Za-z0-9_.]*\([A-Za-z_][A-Za-z0-9_]*=')
      ),
      lambda said: substring(written_json(said::VARCHAR), 2, length(said::VARCHAR) - 2)
    )
    WHEN json_type(output) = 'VARCHAR' THEN [substring(output, 2, length(output) - 2)]
    WHEN kind = 'tool' THEN [output, coalesce(typed_json(output), output)]
    ELSE list_transform(
      [json_extract(output, '$.content')]
        || json_extract(output, '$[*].content')
        || json_extract(output, '$[*].document.content'),
      lambda said: substring(written_json(said::VARCHAR), 2, length(said::VARCHAR) - 2)
    )
  END) AS words
FROM told
WHERE output IS NOT NULL AND kind IN ('llm', 'tool', 'retriever', 'agent', 'chain')
)
SELECT trace_id, span, words
FROM said
-- What a chain passes on comes from where it got it, and what runs in it says by itself what the chain gives of it.
WHERE kind <> 'chain' OR NOT (
  coalesce(contains(input, words), false)
  OR EXISTS (
    SELECT 1 FROM said inner_said
    WHERE inner_said.trace_id = said.trace_id AND inner_said.parent = said.span AND inner_said.words = said.words
  )
)
