-- Views of what evaluations store.
CREATE OR REPLACE VIEW v_dataset AS
SELECT name, version, document ->> 'createdAt' AS created_at, document ->> 'origin' AS origin, hash,
  (document ->> '$.counts.cases')::BIGINT AS cases,
  (document ->> '$.counts.groups')::BIGINT AS case_groups,
  (document ->> '$.counts.references')::BIGINT AS with_reference,
  (document ->> '$.counts.splits.train')::BIGINT AS train,
  (document ->> '$.counts.splits.validation')::BIGINT AS validation,
  (document ->> '$.counts.splits.holdout')::BIGINT AS holdout
FROM dataset_version;

CREATE OR REPLACE VIEW v_case AS
SELECT listed.dataset, listed.version, listed.place, c.document ->> 'id' AS id, c.document -> 'inputs' AS inputs,
  c.document -> 'reference' AS reference, c.document -> 'feedback' AS feedback, c.document ->> 'group' AS case_group,
  c.document ->> 'split' AS split, c.document ->> 'run' AS run, c.document -> 'metadata' AS metadata
FROM (
  SELECT name AS dataset, version, unnest(cases) AS hash, generate_subscripts(cases, 1) AS place
  FROM dataset_version
) listed
JOIN dataset_case c USING (hash);

CREATE OR REPLACE VIEW v_experiment AS
SELECT id, created_at, document ->> 'endedAt' AS ended_at, status, document ->> 'stoppedBecause' AS stopped_because,
  dataset, (document ->> 'datasetVersion')::BIGINT AS dataset_version, document ->> 'split' AS split,
  document -> 'cases' AS cases, document -> 'candidates' AS candidates, proposals,
  (document ->> 'repeats')::BIGINT AS repeats, document ->> 'mode' AS mode, document ->> 'agent' AS agent,
  document ->> 'agentHash' AS agent_hash, document -> 'guides' AS guides, document ->> 'guidesHash' AS guides_hash,
  (document ->> 'seed')::BIGINT AS seed
FROM experiment;

CREATE OR REPLACE VIEW v_trial AS
SELECT id, experiment, document ->> 'candidate' AS candidate, document ->> 'case' AS case_id, repeat, key, outcome,
  document ->> 'reason' AS reason, nullif(trace_id, '') AS trace_id, document -> 'output' AS output,
  (document ->> 'score')::DOUBLE AS score, (document ->> 'latencyMs')::DOUBLE AS latency_ms,
  (document ->> 'inputTokens')::BIGINT AS input_tokens, (document ->> 'outputTokens')::BIGINT AS output_tokens,
  (document ->> 'costUsd')::DOUBLE AS cost_usd, document -> 'replay' AS replay, document -> 'used' AS used,
  (document ->> 'cached')::BOOLEAN AS cached, started_at, document ->> 'endedAt' AS ended_at
FROM trial;

-- What each guide says of each trial.
CREATE OR REPLACE VIEW v_trial_score AS
SELECT trial, experiment, candidate, case_id, repeat, given ->> 'guide' AS guide, (given ->> 'score')::DOUBLE AS score,
  given ->> 'label' AS label, given ->> 'comment' AS comment, given ->> 'error' AS error
FROM (
  SELECT id AS trial, experiment, document ->> 'candidate' AS candidate, document ->> 'case' AS case_id, repeat,
    unnest(json_extract(document, '$.scores[*]')) AS given
  FROM trial
);

CREATE OR REPLACE VIEW v_look AS
SELECT id, number, document ->> 'at' AS looked_at, dataset, (document ->> 'datasetVersion')::BIGINT AS dataset_version,
  document ->> 'split' AS split, document ->> 'purpose' AS purpose, document ->> 'experiment' AS experiment,
  document ->> 'candidate' AS candidate, document -> 'groups' AS case_groups, (document ->> 'reused')::BIGINT AS reused,
  document ->> 'basis' AS basis, (document ->> 'alpha')::DOUBLE AS alpha, (document ->> 'spent')::DOUBLE AS spent,
  (document ->> 'earned')::DOUBLE AS earned, (document ->> 'left')::DOUBLE AS budget_left,
  document ->> 'verdict' AS verdict
FROM look;

CREATE OR REPLACE VIEW v_verdict AS
SELECT id, created_at, experiment, document ->> 'candidate' AS candidate, proposals, document ->> 'metric' AS metric,
  document ->> 'verdict' AS verdict, document -> 'report' AS report
FROM verdict;

-- Scores by proposal: of the trials of candidates that have its values, and what versions before 6 wrote.
CREATE OR REPLACE VIEW v_evaluation AS
SELECT id, proposal, created_at, document ->> 'run' AS run, document ->> 'split' AS split, document ->> 'item' AS item,
  (document ->> 'score')::DOUBLE AS score, document ->> 'comment' AS comment
FROM evaluation
UNION ALL
SELECT concat_ws(':', s.trial, s.guide, p.proposal), p.proposal, t.started_at, t.trace_id, e.split, s.case_id, s.score,
  s.comment
FROM v_trial_score s
JOIN v_trial t ON t.id = s.trial
JOIN v_experiment e ON e.id = s.experiment
LEFT JOIN (
  SELECT experiment, candidate ->> 'id' AS candidate, unnest((candidate -> 'proposals')::VARCHAR[]) AS proposal
  FROM (SELECT id AS experiment, unnest(json_extract(document, '$.candidates[*]')) AS candidate FROM experiment)
) p ON p.experiment = s.experiment AND p.candidate = s.candidate;
