-- Feedback that came as a span is no operator.
kind <> 'feedback'
