-- Views that are more than a table with some columns as users know them: those are described with their tables.
CREATE OR REPLACE VIEW v_edge_ref AS
SELECT e.trace_id, e.span_id, e.role, e.origin, e.how, e.pointer, e.origin_trace_id, e.origin_span_id, e.parameter,
  e.version, e.value_hash, coalesce(e.value, content.text::JSON) AS value
FROM edge_ref e
LEFT JOIN content ON content.hash = e.value_ref;

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

CREATE OR REPLACE VIEW v_schema_meta AS SELECT version, created_at FROM schema_meta;
