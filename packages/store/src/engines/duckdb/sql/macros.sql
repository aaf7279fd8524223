-- What the views and the code compute with.

-- A time in nanoseconds since 1970 as a timestamp. One that timestamps cannot say has none: collectors of earlier versions
-- took such spans. `TIME_END_NS` in otlp/times.ts is the same.
CREATE OR REPLACE MACRO time_of(ns) AS CASE WHEN ns < 9223286400000000000 THEN make_timestamp_ns(ns::BIGINT) END;

-- The number that the first 16 hex digits of a trace id are.
CREATE OR REPLACE MACRO trace_key(trace_id) AS ('0x' || trace_id[1:16])::UBIGINT;

-- JSON text as JavaScript writes it: DuckDB writes escapes of control characters with capital letters, of which a colour of
-- a terminal begins with one.
CREATE OR REPLACE MACRO written_json(text) AS
  CASE WHEN contains(text, '\u00') THEN
    replace(replace(replace(replace(replace(replace(replace(replace(replace(text, '\u000B', '\u000b'), '\u000E', '\u000e'), '\u000F', '\u000f'), '\u001A', '\u001a'), '\u001B', '\u001b'), '\u001C', '\u001c'), '\u001D', '\u001d'), '\u001E', '\u001e'), '\u001F', '\u001f')
  ELSE text END;

-- JSON text with each row of spaces and of escaped line breaks and tabs as one space. `flatText` in graph/spoken.ts is the same.
CREATE OR REPLACE MACRO flat_text(json) AS regexp_replace(json, '(\\{1,8}[nrt]| )+', ' ', 'g');

-- A JSON object as a model or Python types it, as it stands inside the JSON of a text. `typedJson` in graph/spoken.ts is the same.
-- Objects with control characters have none: DuckDB writes those otherwise, and to rewrite them takes long to plan.
CREATE OR REPLACE MACRO typed_json(text) AS
  CASE WHEN json_type(text) = 'OBJECT' AND NOT contains(text, '\u00') AND len(json_keys(text)) > 0 THEN
    (to_json(
      '{' || array_to_string(list_transform(
        json_keys(text),
        lambda name, place: to_json(name)::VARCHAR || ': ' || json_extract(text, '$.*')[place]::VARCHAR
      ), ', ') || '}'
    )::VARCHAR)[2:-2]
  END;

-- Attributes whose text is also in a column are written there only; this puts them in their place again.
CREATE OR REPLACE MACRO whole_attributes(attributes, input, input_plain, output, output_plain) AS
  replace(
    replace(
      attributes::VARCHAR,
      '{"columnValue": "input"}',
      coalesce(CASE WHEN input_plain THEN input::VARCHAR ELSE to_json(input::VARCHAR)::VARCHAR END, '')
    ),
    '{"columnValue": "output"}',
    coalesce(CASE WHEN output_plain THEN output::VARCHAR ELSE to_json(output::VARCHAR)::VARCHAR END, '')
  )::JSON;

-- A score or label on the scale of its name, from 0 (worst) to 1 (best); NULL where it has no place there. TypeScript has
-- the same in `normalizedScore`. Halves, because the ends may lie farther apart than the largest double.
CREATE OR REPLACE MACRO normalized_score(score, label, low, high, categories, direction) AS
  CASE
    WHEN categories IS NOT NULL THEN
      CASE
        WHEN list_position(categories, label) > 0 THEN
          CASE direction
            WHEN 'lower' THEN (len(categories) - list_position(categories, label)) / (len(categories) - 1)::DOUBLE
            ELSE (list_position(categories, label) - 1) / (len(categories) - 1)::DOUBLE
          END
      END
    WHEN score <= low THEN CASE direction WHEN 'lower' THEN 1.0::DOUBLE ELSE 0.0::DOUBLE END
    WHEN score >= high THEN CASE direction WHEN 'lower' THEN 0.0::DOUBLE ELSE 1.0::DOUBLE END
    ELSE
      CASE direction WHEN 'lower' THEN high / 2 - score / 2 ELSE score / 2 - low / 2 END
      / ((score / 2 - low / 2) + (high / 2 - score / 2))
  END;
