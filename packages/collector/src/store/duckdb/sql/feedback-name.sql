-- One row per name of feedback: what was seen of it, and what it means. What nobody declared is learned from all of it.
-- `low` and `high` are the ends of a scale of numbers, `categories` those of another; `rank` orders the names that can be
-- normalised: 1 is the objective. The weightiest is first, of equal weight one whose weight is declared, then the one with most
-- pieces; what has no more than the range seen (amounts such as a latency are on every run) comes after what has a scale.
WITH
seen AS (
  SELECT name,
    count(*) AS pieces,
    count(score) AS scores,
    count(label) AS labels,
    min(score) AS least,
    max(score) AS most,
    coalesce(bool_and(score * 2 = trunc(score * 2)), false) AS halves
  FROM main.feedback
  -- Nothing is learned from trials.
  ANTI JOIN main.trial_trace USING (trace_id)
  GROUP BY name
),
declared AS (
  SELECT name,
    coalesce(any_value(scale) FILTER (origin = 'file'), any_value(scale)) AS scale,
    max(origin) FILTER (origin = 'file' AND scale IS NOT NULL) AS scale_in_file,
    coalesce(any_value(direction) FILTER (origin = 'file'), any_value(direction)) AS direction,
    max(origin) FILTER (origin = 'file' AND direction IS NOT NULL) AS direction_in_file,
    coalesce(any_value(weight) FILTER (origin = 'file'), any_value(weight)) AS weight,
    max(origin) FILTER (origin = 'file' AND weight IS NOT NULL) AS weight_in_file
  FROM main.feedback_declaration
  GROUP BY name
),
-- Words by which a name says that less of it is better. No other name is taken to mean that.
known AS (
  SELECT *,
    regexp_replace(lower(regexp_replace(name, '([a-z0-9])([A-Z])', '\1_\2', 'g')), '[^a-z0-9]+', '_', 'g') AS words
  FROM seen
  FULL JOIN declared USING (name)
),
meant AS (
  SELECT *,
    regexp_matches(
      words,
      '^((mean|avg|average|total|max|p[0-9]+|response|request|end_to_end)_)*(latency|duration|costs?|price|spend)(_(ms|s|sec|seconds|us|ns|usd|eur|total|mean|avg|p[0-9]+))*$'
    ) AS amount,
    regexp_matches(
      words,
      '^((mean|avg|average|total|max)_)*(errors?|error_count|error_rate|failures?|failure_rate|toxicity|harmfulness|violations?|mae|mse|rmse|wer|cer|perplexity)(_(score|rate|count|ratio|percent|pct|total|mean|avg))*$'
    ) AS fault
  FROM known
),
scaled AS (
  SELECT *,
    CASE json_type(scale, '$[0]') WHEN 'VARCHAR' THEN scale::VARCHAR[] END AS categories,
    CASE WHEN scale IS NOT NULL AND json_type(scale, '$[0]') <> 'VARCHAR' THEN scale::DOUBLE[] END AS declared_ends,
    CASE
      -- An amount has no end that could be known.
      WHEN scale IS NOT NULL OR amount THEN NULL
      WHEN least >= 0 AND most <= 1 THEN [0, 1]::DOUBLE[]
      WHEN least >= -1 AND most <= 1 THEN [-1, 1]
      WHEN least >= 1 AND most <= 5 AND halves THEN [1, 5]
      WHEN least >= 0 AND most <= 5 THEN [0, 5]
      WHEN least >= 0 AND most <= 10 THEN [0, 10]
      WHEN least >= 0 AND most <= 100 THEN [0, 100]
      WHEN least >= -5 AND most <= 5 THEN [-5, 5]
      WHEN least >= -10 AND most <= 10 THEN [-10, 10]
      WHEN least >= -100 AND most <= 100 THEN [-100, 100]
    END AS usual_ends,
    CASE WHEN scale IS NULL AND least < most THEN [least, most] END AS seen_ends,
    coalesce(declared_ends, usual_ends, seen_ends) AS ends
  FROM meant
),
named AS (
  SELECT name,
    coalesce(pieces, 0) AS pieces,
    coalesce(scores, 0) AS scores,
    coalesce(labels, 0) AS labels,
    least,
    most,
    ends[1] AS low,
    ends[2] AS high,
    categories,
    -- Only the range seen: any new score may change it.
    scale IS NULL AND usual_ends IS NULL AS open,
    coalesce(direction, CASE WHEN amount OR fault THEN 'lower' ELSE 'higher' END) AS direction,
    coalesce(weight, 1) AS weight,
    CASE WHEN scale IS NOT NULL THEN coalesce(scale_in_file, 'program') ELSE 'learned' END AS scale_from,
    CASE
      WHEN direction IS NOT NULL THEN coalesce(direction_in_file, 'program')
      WHEN amount OR fault THEN 'name'
      ELSE 'usual'
    END AS direction_from,
    CASE WHEN weight IS NOT NULL THEN coalesce(weight_in_file, 'program') ELSE 'usual' END AS weight_from
  FROM scaled
)
SELECT * EXCLUDE open,
  CASE
    WHEN weight > 0 AND (low IS NOT NULL OR categories IS NOT NULL)
      THEN row_number() OVER (
        PARTITION BY weight > 0 AND (low IS NOT NULL OR categories IS NOT NULL)
        ORDER BY weight DESC, weight_from = 'usual', open, CASE WHEN categories IS NULL THEN scores ELSE labels END DESC, name
      )
  END AS rank
FROM named
