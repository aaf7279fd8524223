-- Texts that nothing refers to any more: neither a column nor a wrapped value within the JSON of a span.
DELETE FROM content
WHERE hash NOT IN (
  SELECT input_ref FROM span WHERE input_ref IS NOT NULL
  UNION SELECT output_ref FROM span WHERE output_ref IS NOT NULL
  UNION SELECT resource_ref FROM span
  UNION SELECT scope_ref FROM span
  UNION SELECT value_ref FROM edge_ref WHERE value_ref IS NOT NULL
  UNION SELECT unnest(regexp_extract_all(attributes, '"contentValue":"([0-9a-f]{64})"', 1))
    FROM span WHERE contains(attributes, '"contentValue"')
  UNION SELECT unnest(regexp_extract_all(events, '"contentValue":"([0-9a-f]{64})"', 1))
    FROM span WHERE contains(events, '"contentValue"')
  UNION SELECT unnest(regexp_extract_all(links, '"contentValue":"([0-9a-f]{64})"', 1))
    FROM span WHERE contains(links, '"contentValue"')
)
