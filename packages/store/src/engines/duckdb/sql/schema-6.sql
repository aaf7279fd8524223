-- Version 6. What an evaluation stores: datasets, experiments and their trials, looks and verdicts. As in version 1, the
-- columns that are searched, and the whole row as the `Store` interface has it.

-- A case is written once for all versions that it is in; `hash` is that of its canonical JSON.
CREATE TABLE dataset_case (hash VARCHAR PRIMARY KEY, document JSON NOT NULL);
CREATE TABLE dataset_version (
  name VARCHAR NOT NULL,
  version UINTEGER NOT NULL,
  hash VARCHAR NOT NULL,
  -- Hashes of its cases, in their order.
  cases VARCHAR[] NOT NULL,
  document JSON NOT NULL,
  PRIMARY KEY (name, version)
);

CREATE TABLE experiment (
  id VARCHAR PRIMARY KEY,
  created_at VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  dataset VARCHAR NOT NULL,
  proposals VARCHAR[] NOT NULL,
  document JSON NOT NULL
);

-- `repeat` and `key` are narrow, so that the trials of many keys are found without reading one document.
CREATE TABLE trial (
  id VARCHAR PRIMARY KEY,
  experiment VARCHAR NOT NULL,
  key VARCHAR NOT NULL,
  repeat UINTEGER NOT NULL,
  outcome VARCHAR NOT NULL,
  trace_id VARCHAR NOT NULL,
  started_at VARCHAR NOT NULL,
  document JSON NOT NULL
);

-- Traces of trials, as the trials or the resources of their spans say: their runs are no production runs.
CREATE TABLE trial_trace (trace_id VARCHAR PRIMARY KEY, experiment VARCHAR NOT NULL);

-- `number` is the order in which they were written, whatever the clocks say.
CREATE TABLE look (
  id VARCHAR PRIMARY KEY,
  number UINTEGER NOT NULL,
  dataset VARCHAR NOT NULL,
  document JSON NOT NULL
);

CREATE TABLE verdict (
  id VARCHAR PRIMARY KEY,
  created_at VARCHAR NOT NULL,
  experiment VARCHAR NOT NULL,
  proposals VARCHAR[] NOT NULL,
  document JSON NOT NULL
);

-- True of a version that was put in, an accepted one for example, and not only seen on spans. A default would make this
-- several statements to DuckDB, and change a setting, which is locked.
ALTER TABLE parameter_version ADD COLUMN added BOOLEAN;
