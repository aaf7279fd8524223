-- The runs of each trace, with the span that stands for each. Reads `span`, and nothing else, like run.sql.
WITH op AS (
  SELECT trace_id, span_id, parent_span_id, start_ns, kind FROM span WHERE kind <> 'feedback'
),
-- @include head
SELECT trace_id, trace_id AS id, span_id FROM head
UNION ALL
SELECT trace_id, trace_id || ':' || span_id, span_id FROM op SEMI JOIN several USING (trace_id) WHERE kind = 'run'
