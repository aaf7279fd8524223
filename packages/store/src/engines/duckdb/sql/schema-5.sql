-- Version 5. What the names of feedback mean, as far as a program (in its calls of `feedback`) or a file has declared it.
-- Of each origin the latest declaration counts; a file outranks a program.
CREATE TABLE feedback_declaration (
  name VARCHAR NOT NULL,
  origin VARCHAR NOT NULL,
  -- Two numbers, or categories from the worst to the best.
  scale JSON,
  direction VARCHAR,
  weight DOUBLE,
  declared_ns UBIGINT NOT NULL,
  PRIMARY KEY (name, origin)
);
