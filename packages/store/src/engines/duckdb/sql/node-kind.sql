-- What kind of node a span is; the value of an exception is the error.
CASE WHEN status_code = 2 THEN 'exception' ELSE 'op' END
