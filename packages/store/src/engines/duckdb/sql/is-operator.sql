-- Feedback that came as a span is no operator, and neither is what stands aside of a run.
kind NOT IN ('feedback', 'aside')
