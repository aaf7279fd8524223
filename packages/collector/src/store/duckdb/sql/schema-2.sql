-- Version 2: messages that come as log events.

-- What a model call said in log events (`gen_ai.*`) instead of on its span.
CREATE TABLE span_message (
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  time_ns UBIGINT NOT NULL,
  input JSON,
  output JSON,
  PRIMARY KEY (trace_id, span_id)
);
