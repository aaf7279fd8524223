-- Version 3. When the spans of a trace started, as far as each batch that was written knows: by it a trace is found
-- among the times of a large store. `trace_key` is the number that the first 16 hex digits of a trace id are.
CREATE OR REPLACE MACRO trace_key(trace_id) AS ('0x' || trace_id[1:16])::UBIGINT;
CREATE TABLE trace_time (trace_key UBIGINT NOT NULL, from_ns UBIGINT NOT NULL, to_ns UBIGINT NOT NULL, spans UINTEGER NOT NULL);
INSERT INTO trace_time
SELECT trace_key(trace_id), min(start_ns), max(start_ns), count(*) FROM span GROUP BY trace_id;
