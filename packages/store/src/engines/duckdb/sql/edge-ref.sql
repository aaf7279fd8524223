-- One row per input of a span; its origin is span, parameter, value, link or malformed. `span-inputs.ts` writes what is
-- read here.
SELECT trace_id, span_id, start_ns,
  found.r AS role,
  found.o AS origin,
  coalesce(found.h, 'exact') AS how,
  coalesce(found.p, '') AS pointer,
  CASE WHEN found.o IN ('span', 'link') THEN found.a END AS origin_trace_id,
  CASE WHEN found.o IN ('span', 'link') THEN found.b END AS origin_span_id,
  CASE WHEN found.o = 'parameter' THEN found.a END AS parameter,
  CASE WHEN found.o = 'parameter' THEN found.b END AS version,
  CASE WHEN found.o = 'value' THEN found.a END AS value_hash,
  CASE WHEN found.at IS NULL THEN found.v ELSE json_extract(given, found.at) END AS value,
  found.c ->> 'contentValue' AS value_ref,
  coalesce(found.d, false) AS distinctive
FROM (
  SELECT span.trace_id, span.span_id, span.start_ns,
    CASE
      WHEN span.input_ref IS NULL THEN span.input
      WHEN span.input_plain THEN to_json(ic.text)
      ELSE ic.text::JSON
    END AS given,
    unnest(from_json(
      span.inputs,
      '[{"r":"VARCHAR","o":"VARCHAR","h":"VARCHAR","p":"VARCHAR","a":"VARCHAR","b":"VARCHAR","d":"BOOLEAN","at":"VARCHAR","v":"JSON","c":"JSON"}]'
    )) AS found
  FROM span
  LEFT JOIN content ic ON ic.hash = span.input_ref
  WHERE span.inputs IS NOT NULL
)
UNION ALL
-- Prompts that were named after what is around their spans.
SELECT trace_id, span_id, start_ns, role, 'parameter', 'exact', '', NULL, NULL, name, version, NULL, NULL, NULL, false
FROM parameter_use
WHERE role IS NOT NULL
