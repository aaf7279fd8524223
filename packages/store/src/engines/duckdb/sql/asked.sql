-- The calls of tools that strangers' models ask for. `graph/requests.ts` has the same.
SELECT trace_id, span, call, request, times = 1 AS once,
  CASE WHEN times > 1 THEN
    row_number() OVER (PARTITION BY trace_id, request ORDER BY began, span, call) || '/' || times || ' ' || request
  END AS turn,
  call <> '' AND min(request) OVER (PARTITION BY trace_id, call) <> max(request) OVER (PARTITION BY trace_id, call) AS shared
FROM (
  SELECT *, count(*) OVER (PARTITION BY trace_id, request) AS times
  FROM (
    SELECT trace_id, span, began, CASE WHEN json_type(asked, '$.id') = 'VARCHAR' THEN asked ->> '$.id' ELSE '' END AS call,
      (asked ->> '$.name') || ' ' || written_json(coalesce(asked -> '$.arguments', 'null')::VARCHAR) AS request
    FROM (
      SELECT trace_id, span, began,
        unnest(json_extract(output_json, '$.tool_calls[*]') || json_extract(output_json, '$[*].tool_calls[*]')) AS asked
      FROM told
      WHERE output_json IS NOT NULL AND kind = 'llm'
    )
    WHERE json_type(asked, '$.name') = 'VARCHAR'
  )
)
