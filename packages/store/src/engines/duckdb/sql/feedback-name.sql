-- One row per name of feedback: what was seen of it, and what it means. What nobody declared is learned from all of it.
-- `low` and `high` are the ends of a scale of numbers, `categories` those of another; `unclear` says that the scores seen are
-- on several usual scales, and where these contradict one another there is no scale. `rank` orders the names that can be
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
-- The words of a name: response_time_ms of responseTimeMs, response-time-ms and "Response time (ms)".
known AS (
  SELECT *,
    trim(
      regexp_replace(
        lower(
          regexp_replace(
            regexp_replace(name, '([A-Z]+)([A-Z][a-z])', '\1_\2', 'g'),
            '([a-z0-9])([A-Z])', '\1_\2', 'g'
          )
        ),
        '[^a-z0-9]+', '_', 'g'
      ),
      '_'
    ) AS words
  FROM seen
  FULL JOIN declared USING (name)
),
-- What the words say of which way is better. `fault` and `amount`: less of it is; of an amount there can be any number.
-- `doubt`: a word that may turn that round (error handling, cost savings). `whole`: a 1 is all there can be of it.
worded AS (
  SELECT *,
    regexp_matches(words, '(^|_)(' ||
      'errors?|failures?|failed|fails|bugs?|defects?|mistakes?|crash|crashes|exceptions?|timeouts?|retries|incidents|issues|problems|' ||
      'warnings|complaints?|violations?|regressions|vulnerabilit(y|ies)|leaks?|leakage|' ||
      'toxic|toxicity|harm|harms|harmful|harmfulness|hallucinat(ion|ions|ed|es|e|ing)|confabulations?|contradictions?|misinformation|' ||
      'bias|biased|biases|stereotypes?|profanity|obscenity|insults?|hate|hatefulness|offensive|offensiveness|rudeness|maliciousness|' ||
      'misogyny|criminality|spam|plagiarism|unsafe|incorrect|incorrectness|inaccuracy|inaccurate|inconsistency|irrelevance|invalid|' ||
      'jailbreaks?|false_(positive|negative|alarm)s?|fpr|fnr|mae|mse|rmse|mape|wer|cer|ter|perplexity|ppl|loss|losses|' ||
      'distance|risk|risks|severity|churn|penalty|penalties|drift|staleness|repetitions?|repetitiveness|' ||
      'wrong|wrongness|wrongly|dissatisf(action|ied)|unsatisf(actory|ied)|unhappy|unhappiness|frustrat(ion|ed)|annoy(ance|ed)|' ||
      'escalat(e|es|ed|ion|ions)|refund(s|ed)?|chargebacks?|cancell?(ed|ations?)|abandon(ed|ment)|reopen(s|ed|ings?)|' ||
      'unresolved|unsolved|unanswered|unsuccessful|misleading|mismatch(es)?|downtime|outages?' ||
    ')(_|$)') AS fault,
    regexp_matches(words, '(^|_)(' ||
      'latency|latencies|durations?|delays?|lag|elapsed|runtime|responsetime|walltime|cputime|ttft|tpot|ttfb|costs?|price|prices|spend|spent|' ||
      'spending|expenses?|overhead|' ||
      '(response|request|reply|answer|processing|execution|run|running|total|mean|median|avg|average|max|wait|waiting|load|loading|' ||
      'completion|generation|inference|think|thinking|queue|handling|turnaround|trip|cpu|wall|api|server|tool|model|step|call|p[0-9]+)_times?|' ||
      'time_(to|until|till|per)_[a-z0-9_]+|times?_(ms|msec|millis|milliseconds|s|sec|secs|seconds?|us|ns|min|mins|minutes?|hours?)|' ||
      'tokens?_(used|usage|count|counts|total|spent|consumed)|(total|input|output|prompt|completion|num|used)_tokens?|' ||
      -- The slowest of a hundred; that it is one of quality, only another word could say.
      'p(50|75|9[0-9]|99[0-9])' ||
    ')(_|$)')
    -- A unit of time or money at the end; that something else is meant, only a word before it could say.
    OR regexp_matches(words, '_(ms|msec|millis|milliseconds|secs?|seconds|usec|nsec|minutes|hours|usd|eur|gbp|cents|dollars|euros)$') AS amount,
    -- The first is the best. A rank by a quality, such as a latency rank, may be a score.
    regexp_matches(words, '^((mean|median|avg|average|best|worst|search|result|answer|retrieval|hit|document|doc)_)*rank$') AS place,
    regexp_matches(words, '(^|_)(' ||
      'no|not|non|without|free|zero|anti|lack|absence|low|lower|few|fewer|less|reduc(tion|ed|ing)|avoid(ed|ance)?|averted|resist(ance|ant)?|' ||
      'robust|robustness|handl(ed|er|ers)|recover(y|ed)|detect(ion|ed|or)|prevent(ion|ed)|correct(ion|ions|ed)|fix|fixes|fixed|solved|resolved|' ||
      'tolerance|tolerant|aware|awareness|effective|effectiveness|efficiency|efficient|saved?|savings?|left|remaining|uptime|revenue|profit|' ||
      'income|margin|earned|earnings|sales|success|passed|quality|satisfaction|rating|accuracy|precision|recall|coverage|f1|auc|safety|' ||
      'explanation|explanations|message|messages|clarity' ||
    ')(_|$)')
    -- As errors are handled; a handling time is a time.
    OR regexp_matches(words, '(^|_)(errors?|exceptions?|failures?|issues)_handling(_|$)') AS doubt,
    regexp_matches(words, '(^|_)(' ||
      'is|has|was|accuracy|precision|recall|f1|auc|thumbs?|upvotes?|pass|passes|passed|success|successful|succeeded|solved|resolved|' ||
      'correct|correctness|exact|match|matches|matched|contains|valid|similarity|probability|confidence|share|ratio|fraction|rate' ||
    ')(_|$)') AS whole
  FROM known
),
meant AS (
  SELECT * REPLACE (
    -- A score is how good it is that an amount is small; the score of a fault is how much of it there is.
    amount AND NOT doubt AND NOT regexp_matches(words, '(^|_)(scores?|grades?|ranks?)(_|$)') OR place AS amount,
    fault AND NOT doubt AS fault
  )
  FROM worded
),
scaled AS (
  SELECT *,
    CASE json_type(scale, '$[0]') WHEN 'VARCHAR' THEN scale::VARCHAR[] END AS categories,
    CASE WHEN scale IS NOT NULL AND json_type(scale, '$[0]') <> 'VARCHAR' THEN scale::DOUBLE[] END AS declared_ends,
    -- One number, however often, is on many scales: 1 can be the best thumb and the worst star.
    scale IS NULL AND NOT amount AND least = most AND least >= 1 AND trunc(least) = least AS is_one_number,
    coalesce(is_one_number AND NOT (least = 1 AND (fault OR whole)), false) AS unclear,
    CASE
      -- An amount has no end that could be known.
      WHEN scale IS NOT NULL OR amount OR (unclear AND least = 1) THEN NULL
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
    unclear,
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
