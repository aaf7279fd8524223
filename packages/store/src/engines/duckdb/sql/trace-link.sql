-- Which other traces the spans of a trace took something from.
SELECT DISTINCT trace_id, found.a AS origin_trace_id
FROM (
  SELECT trace_id, start_ns, unnest(from_json(inputs, '[{"o":"VARCHAR","a":"VARCHAR"}]')) AS found
  FROM span
  WHERE inputs IS NOT NULL
)
WHERE found.o IN ('span', 'link') AND found.a <> trace_id
