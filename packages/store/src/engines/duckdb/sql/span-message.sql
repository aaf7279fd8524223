-- For a while, versions 1 and 2 kept what logs say of a model call beside the span, and read it where the span itself has no
-- value. Now a span is read together with its notes, and what they come to is written into it.
UPDATE span SET
  input = CASE WHEN span.input_ref IS NULL THEN coalesce(span.input, said.input) END,
  output = CASE WHEN span.output_ref IS NULL THEN coalesce(span.output, said.output) END
FROM span_message said
WHERE said.trace_id = span.trace_id AND said.span_id = span.span_id;
DROP TABLE span_message;
