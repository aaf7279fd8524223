-- The calls of tools that strangers' models ask for; what one response asks for, once. `graph/requests.ts` has the same.
SELECT trace_id, span, call, request, count(*) OVER asked_same = 1 AS once,
  CASE WHEN count(*) OVER asked_same > 1 THEN
    row_number() OVER asked_in_turn || '/' || count(*) OVER asked_same || ' ' || request
  END AS turn,
  row_number() OVER asked_in_turn_beside || '/' || count(*) OVER asked_same_beside || ' ' || parent || ' ' || request AS beside,
  call <> '' AND count(*) OVER asked_numbered > 1 AS shared
FROM (
  SELECT trace_id, span, parent, began, CASE WHEN json_type(asked, '$.id') = 'VARCHAR' THEN asked ->> '$.id' ELSE '' END AS call,
    (asked ->> '$.name') || ' ' || written_json(coalesce(asked -> '$.arguments', 'null')::VARCHAR) AS request
  FROM (
    SELECT trace_id, span, parent, began,
      unnest(json_extract(output_json, '$.tool_calls[*]') || json_extract(output_json, '$[*].tool_calls[*]')) AS asked
    FROM (
      SELECT * FROM told
      WHERE output_json IS NOT NULL AND kind = 'llm'
      QUALIFY call IS NULL OR row_number() OVER (PARTITION BY trace_id, call ORDER BY input IS NULL, began, span) = 1
    )
  )
  WHERE json_type(asked, '$.name') = 'VARCHAR'
)
-- DuckDB knows the windows of all parts of a query by their names.
WINDOW
  asked_same AS (PARTITION BY trace_id, request),
  asked_in_turn AS (PARTITION BY trace_id, request ORDER BY began, span, call),
  asked_same_beside AS (PARTITION BY trace_id, parent, request),
  asked_in_turn_beside AS (PARTITION BY trace_id, parent, request ORDER BY began, span, call),
  asked_numbered AS (PARTITION BY trace_id, call)
