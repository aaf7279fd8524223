-- Version 1. Times are nanoseconds since the Unix epoch. `v_` views over these tables are the documented contract.

CREATE TABLE schema_meta (version INTEGER NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp);

-- Texts over a size limit, stored once; `hash` is the SHA-256 of the text.
CREATE TABLE content (hash VARCHAR PRIMARY KEY, text VARCHAR NOT NULL);

CREATE TABLE span (
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  parent_span_id VARCHAR,
  start_ns UBIGINT NOT NULL,
  end_ns UBIGINT NOT NULL,
  name VARCHAR NOT NULL,
  span_kind UINTEGER NOT NULL,
  trace_state VARCHAR NOT NULL,
  flags UINTEGER NOT NULL,
  status_code UINTEGER NOT NULL,
  status_message VARCHAR NOT NULL,
  attributes JSON NOT NULL,
  dropped_attributes UINTEGER NOT NULL,
  events JSON,
  dropped_events UINTEGER NOT NULL,
  links JSON,
  dropped_links UINTEGER NOT NULL,
  resource_ref VARCHAR NOT NULL,
  scope_ref VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  dialect VARCHAR NOT NULL,
  op VARCHAR NOT NULL,
  op_kind VARCHAR,
  description VARCHAR NOT NULL,
  source_hash VARCHAR,
  input JSON,
  input_ref VARCHAR,
  input_plain BOOLEAN NOT NULL,
  output JSON,
  output_ref VARCHAR,
  output_plain BOOLEAN NOT NULL,
  output_hash VARCHAR,
  templates JSON,
  call_id VARCHAR,
  model VARCHAR,
  provider VARCHAR,
  input_tokens UBIGINT,
  output_tokens UBIGINT,
  cost_usd DOUBLE,
  session VARCHAR,
  service VARCHAR,
  error VARCHAR,
  error_frame VARCHAR,
  received_ns UBIGINT NOT NULL
);

-- One row per input of a span. origin: span, parameter, value, link, malformed.
CREATE TABLE edge_ref (
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  start_ns UBIGINT NOT NULL,
  role VARCHAR NOT NULL,
  origin VARCHAR NOT NULL,
  how VARCHAR NOT NULL,
  pointer VARCHAR NOT NULL,
  origin_trace_id VARCHAR,
  origin_span_id VARCHAR,
  parameter VARCHAR,
  version VARCHAR,
  value_hash VARCHAR,
  value JSON,
  value_ref VARCHAR,
  distinctive BOOLEAN NOT NULL
);

CREATE TABLE parameter_version (
  name VARCHAR NOT NULL,
  version VARCHAR NOT NULL,
  value JSON NOT NULL,
  trainable BOOLEAN NOT NULL,
  description VARCHAR NOT NULL,
  schema JSON,
  first_seen_ns UBIGINT NOT NULL,
  PRIMARY KEY (name, version)
);

CREATE TABLE parameter_use (
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  start_ns UBIGINT NOT NULL,
  name VARCHAR NOT NULL,
  version VARCHAR NOT NULL,
  propensity DOUBLE
);

-- span_id is '' for feedback on a run as a whole, so that it can be part of the key.
CREATE TABLE feedback (
  id VARCHAR NOT NULL,
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  score DOUBLE,
  label VARCHAR,
  comment VARCHAR,
  source VARCHAR NOT NULL,
  identifier VARCHAR NOT NULL,
  created_ns UBIGINT NOT NULL,
  PRIMARY KEY (trace_id, span_id, name, identifier)
);

-- The columns that are searched, and the whole row as the `Store` interface has it.
CREATE TABLE proposal (
  id VARCHAR PRIMARY KEY,
  parameter VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  created_at VARCHAR NOT NULL,
  document JSON NOT NULL
);
CREATE TABLE evaluation (
  id VARCHAR PRIMARY KEY,
  proposal VARCHAR,
  created_at VARCHAR NOT NULL,
  document JSON NOT NULL
);
CREATE TABLE deployment (
  id VARCHAR PRIMARY KEY,
  parameter VARCHAR NOT NULL,
  created_at VARCHAR NOT NULL,
  document JSON NOT NULL
);
CREATE TABLE llm_call (
  id VARCHAR PRIMARY KEY,
  key VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  started_at VARCHAR NOT NULL,
  document JSON NOT NULL
);

-- How far each consumer of the intake journal has read.
CREATE TABLE journal_offset (consumer VARCHAR PRIMARY KEY, next_entry UBIGINT NOT NULL);

INSERT INTO schema_meta (version) VALUES (1);
