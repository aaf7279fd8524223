-- Version 2: what logs say of spans.

-- GenAI events (`gen_ai.*`) that came as logs of a span, oldest first: a span is read together with its notes,
-- whichever of them is stored first.
CREATE TABLE span_note (
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  time_ns UBIGINT NOT NULL,
  name VARCHAR NOT NULL,
  hash VARCHAR NOT NULL,
  body JSON NOT NULL,
  PRIMARY KEY (trace_id, span_id, time_ns, name, hash)
);
