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

CREATE OR REPLACE VIEW v_span AS
SELECT span.trace_id, span.span_id, span.parent_span_id, span.kind, span.dialect, span.op, span.op_kind, span.name,
  span.service, span.session,
  make_timestamp_ns(least(span.start_ns, 9223372036854775807)::BIGINT) AS started_at,
  make_timestamp_ns(least(span.end_ns, 9223372036854775807)::BIGINT) AS ended_at,
  greatest(span.end_ns::HUGEINT - span.start_ns::HUGEINT, 0)::DOUBLE / 1e6 AS duration_ms,
  span.status_code, span.status_message, span.error,
  CASE
    WHEN span.input_ref IS NULL THEN span.input
    WHEN span.input_plain THEN to_json(ic.text)
    ELSE ic.text::JSON
  END AS input,
  CASE
    WHEN span.output_ref IS NULL THEN span.output
    WHEN span.output_plain THEN to_json(oc.text)
    ELSE oc.text::JSON
  END AS output,
  span.output_hash, span.model, span.provider, span.input_tokens, span.output_tokens, span.cost_usd,
  span.description, span.source_hash,
  whole_attributes(span.attributes, span.input, span.input_plain, span.output, span.output_plain) AS attributes,
  span.events, span.links, rc.text::JSON AS resource, sc.text::JSON AS scope,
  span.trace_state, span.flags, span.span_kind, span.start_ns, span.end_ns,
  span.dropped_attributes, span.dropped_events, span.dropped_links
FROM span
LEFT JOIN content ic ON ic.hash = span.input_ref
LEFT JOIN content oc ON oc.hash = span.output_ref
LEFT JOIN content rc ON rc.hash = span.resource_ref
LEFT JOIN content sc ON sc.hash = span.scope_ref;

CREATE OR REPLACE VIEW v_content AS SELECT hash, text FROM content;

CREATE OR REPLACE VIEW v_edge_ref AS
SELECT e.trace_id, e.span_id, e.role, e.origin, e.how, e.pointer, e.origin_trace_id, e.origin_span_id, e.parameter,
  e.version, e.value_hash, coalesce(e.value, content.text::JSON) AS value
FROM edge_ref e
LEFT JOIN content ON content.hash = e.value_ref;

CREATE OR REPLACE VIEW v_parameter_version AS
SELECT name, version, value, trainable, description, schema,
  make_timestamp_ns(least(first_seen_ns, 9223372036854775807)::BIGINT) AS first_seen_at
FROM parameter_version;

CREATE OR REPLACE VIEW v_parameter_use AS
SELECT trace_id, span_id, name, version, propensity FROM parameter_use;

CREATE OR REPLACE VIEW v_feedback AS
SELECT f.id, f.trace_id, nullif(f.span_id, '') AS span_id, f.name, f.score, f.label, f.comment, f.source, f.identifier,
  make_timestamp_ns(least(f.created_ns, 9223372036854775807)::BIGINT) AS created_at,
  normalized_score(f.score, f.label, n.low, n.high, n.categories, n.direction) AS normalized,
  tried.experiment
FROM feedback f
LEFT JOIN feedback_name n USING (name)
LEFT JOIN trial_trace tried USING (trace_id);

-- What each name of feedback means: see `feedback-name.sql`.
CREATE OR REPLACE VIEW v_feedback_name AS
SELECT name, pieces, scores, labels, least, most, low, high, categories, direction, weight, scale_from, direction_from,
  weight_from, rank, unclear
FROM feedback_name;

CREATE OR REPLACE VIEW v_proposal AS
SELECT id, parameter, status, created_at, document ->> 'step' AS step, document ->> 'baseVersion' AS base_version,
  document -> 'baseValue' AS base_value, document ->> 'version' AS version, document -> 'value' AS value,
  document ->> 'optimizer' AS optimizer, document ->> 'model' AS model, document -> 'runs' AS runs,
  document -> 'feedback' AS feedback, document ->> 'reasoning' AS reasoning, document -> 'llmCalls' AS llm_calls,
  (document ->> 'inputTokens')::BIGINT AS input_tokens, (document ->> 'outputTokens')::BIGINT AS output_tokens,
  (document ->> 'costUsd')::DOUBLE AS cost_usd, document ->> 'note' AS note, document -> 'marks' AS marks,
  document ->> 'decidedAt' AS decided_at,
  document -> 'leftOut' AS left_out, document -> 'base' AS base
FROM proposal;

CREATE OR REPLACE VIEW v_deployment AS
SELECT id, parameter, created_at, document ->> 'version' AS version, document ->> 'previousVersion' AS previous_version,
  document ->> 'proposal' AS proposal, document ->> 'action' AS action, document ->> 'target' AS target
FROM deployment;

CREATE OR REPLACE VIEW v_llm_call AS
SELECT id, key, status, started_at, document ->> 'purpose' AS purpose, document ->> 'model' AS model,
  document -> 'request' AS request, document -> 'response' AS response, document ->> 'error' AS error,
  (document ->> 'inputTokens')::BIGINT AS input_tokens, (document ->> 'outputTokens')::BIGINT AS output_tokens,
  (document ->> 'costUsd')::DOUBLE AS cost_usd, document ->> 'endedAt' AS ended_at
FROM llm_call;

CREATE OR REPLACE VIEW v_journal_offset AS SELECT consumer, next_entry FROM journal_offset;
CREATE OR REPLACE VIEW v_schema_meta AS SELECT version, created_at FROM schema_meta;
