-- Traces to delete: those of which nothing has come since $1 (nanoseconds), or the $2 oldest. `evidence` marks those
-- that an open or accepted proposal rests on, by its runs, its feedback, its evaluations or the trials of its verdicts.
CREATE TEMP TABLE due AS
WITH kept_proposal AS (
  SELECT id, document FROM proposal WHERE status <> 'rejected'
),
evidence AS (
  SELECT split_part(unnest((document -> 'runs')::VARCHAR[]), ':', 1) AS trace_id FROM kept_proposal
  UNION
  SELECT feedback.trace_id
  FROM (SELECT unnest((document -> 'feedback')::VARCHAR[]) AS id FROM kept_proposal) named
  JOIN feedback ON feedback.id = named.id
  UNION
  SELECT split_part(evaluation.document ->> 'run', ':', 1)
  FROM evaluation
  JOIN kept_proposal ON kept_proposal.id = evaluation.proposal
  UNION
  SELECT trace_id FROM trial
  WHERE experiment IN (
    SELECT verdict.experiment FROM verdict JOIN kept_proposal ON list_contains(verdict.proposals, kept_proposal.id)
  )
),
trace AS (
  SELECT trace_id, max(received_ns) AS last_ns, count(*) AS spans FROM span GROUP BY trace_id
)
SELECT trace_id, spans, trace_id IN (SELECT trace_id FROM evidence WHERE trace_id IS NOT NULL) AS evidence
FROM trace
WHERE coalesce(last_ns < $1::UBIGINT, true)
ORDER BY evidence, last_ns, trace_id
LIMIT coalesce($2::BIGINT, 9223372036854775807)
