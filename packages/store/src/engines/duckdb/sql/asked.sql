-- The calls of tools that strangers' models ask for. `graph/spoken.ts` has the same.
SELECT trace_id, span, call, request, count(*) OVER (PARTITION BY trace_id, request) = 1 AS once
FROM (
  SELECT trace_id, span, CASE WHEN json_type(asked, '$.id') = 'VARCHAR' THEN asked ->> '$.id' ELSE '' END AS call,
    (asked ->> '$.name') || ' ' || written_json(coalesce(asked -> '$.arguments', 'null')::VARCHAR) AS request
  FROM (
    SELECT trace_id, span,
      unnest(json_extract(output_json, '$.tool_calls[*]') || json_extract(output_json, '$[*].tool_calls[*]')) AS asked
    FROM told
    WHERE output_json IS NOT NULL AND kind = 'llm'
  )
  WHERE json_type(asked, '$.name') = 'VARCHAR'
)
