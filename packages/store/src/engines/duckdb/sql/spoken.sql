-- Texts that a stranger's output consists of, as they stand inside another span's JSON, and as they stand where that JSON is a text
-- inside of other JSON. `graph/spoken.ts` has the same.
SELECT trace_id, span, unnest(
  CASE
    WHEN contains(words, '\') THEN [words, replace(replace(words, '\', '\\'), '"', '\"')]
    ELSE [words]
  END) AS words
FROM (
  SELECT trace_id, span, kind, input, trim(flat_text(said)) AS words
  FROM (
    SELECT trace_id, span, kind, input, unnest(
      CASE
        WHEN kind = 'chain' THEN list_transform(
          list_filter(
            [output_json::JSON] || json_extract(output_json, '$..*'),
            lambda said: json_type(said) = 'VARCHAR' AND length(said ->> '$') >= 20
          ),
          lambda said: substring(written_json(said::VARCHAR), 2, length(said::VARCHAR) - 2)
        )
        WHEN json_type(output_json) = 'VARCHAR' THEN [substring(output_json, 2, length(output_json) - 2)]
        WHEN kind = 'tool' THEN [output_json]
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
-- What a chain was given itself, it only hands on: the words come from where it has them.
WHERE kind <> 'chain' OR input IS NULL OR NOT contains(input, words)
