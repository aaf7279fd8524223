-- Calls of tools whose results a stranger's model was told without an id: its conversation goes on with what asked for them.
-- `graph/continued.ts` has the same.
WITH conversation AS MATERIALIZED (
  SELECT trace_id, span, coalesce(parent, '') AS parent, json_extract(input_json, '$[*]') AS messages
  FROM told
  WHERE kind = 'llm' AND json_type(input_json) = 'ARRAY'
),
answered AS (
  SELECT trace_id, span, parent, array_to_string(messages[1:place - 1]::VARCHAR[], ',') AS before,
    list_transform(
      list_filter(
        json_extract(messages[place], '$.tool_calls[*]'),
        lambda told_call: json_type(told_call, '$.name') = 'VARCHAR'
      ),
      lambda told_call:
        (told_call ->> '$.name') || ' ' || written_json(coalesce(told_call -> '$.arguments', 'null')::VARCHAR)
    ) AS requests
  FROM (
    SELECT *, list_max(list_filter(
      range(2, len(messages)),
      lambda spot: (messages[spot] ->> '$.role') = 'assistant' AND (messages[spot + 1] ->> '$.role') = 'tool'
    )) AS place
    FROM conversation
  )
  WHERE place IS NOT NULL
),
-- Of several that were asked the same, any could be the one that is gone on with.
asking AS (
  SELECT *
  FROM (
    SELECT trace_id, span, parent, array_to_string(messages::VARCHAR[], ',') AS before
    FROM conversation
    SEMI JOIN asked USING (trace_id, span)
  )
  QUALIFY count(*) OVER (PARTITION BY trace_id, parent, before) = 1
)
SELECT asked.trace_id, asked.span, asked.call, asked.request, answered.span AS model
FROM answered
JOIN asking USING (trace_id, parent, before)
JOIN asked ON asked.trace_id = asking.trace_id AND asked.span = asking.span
WHERE len(answered.requests) = 0 OR (asked.call = '' AND list_contains(answered.requests, asked.request))
