-- The calls that tools' spans of strangers execute. `graph/requests.ts` has the same.
SELECT trace_id, span, name, call, input, typed, request,
  CASE WHEN request IS NOT NULL AND count(*) OVER (PARTITION BY trace_id, request) > 1 THEN
    row_number() OVER (PARTITION BY trace_id, request ORDER BY began, span, coalesce(call, ''))
      || '/' || count(*) OVER (PARTITION BY trace_id, request) || ' ' || request
  END AS turn
FROM (
  SELECT trace_id, span, op AS name, call, began, input, flat_text(typed_json(input_json)) AS typed,
    op || ' ' || input_json AS request
  FROM told
  WHERE kind = 'tool'
)
