-- The calls that tools' spans of strangers execute. `graph/requests.ts` has the same.
SELECT trace_id, span, name, call, input, typed, request,
  CASE WHEN count(request) OVER done_same > 1 THEN
    row_number() OVER done_in_turn || '/' || count(*) OVER done_same || ' ' || request
  END AS turn,
  row_number() OVER done_in_turn_beside || '/' || count(*) OVER done_same_beside || ' ' || parent || ' ' || request AS beside
FROM (
  SELECT trace_id, span, parent, op AS name, call, began, input, flat_text(typed_json(input_json)) AS typed,
    op || ' ' || input_json AS request
  FROM told
  WHERE kind = 'tool'
)
-- DuckDB knows the windows of all parts of a query by their names.
WINDOW
  done_same AS (PARTITION BY trace_id, request),
  done_in_turn AS (PARTITION BY trace_id, request ORDER BY began, span, coalesce(call, '')),
  done_same_beside AS (PARTITION BY trace_id, parent, request),
  done_in_turn_beside AS (PARTITION BY trace_id, parent, request ORDER BY began, span, coalesce(call, ''))
