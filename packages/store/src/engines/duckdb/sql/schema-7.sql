-- Descriptions of tools that foreign traces showed have names of one form. What other texts are, nothing in these rows tells,
-- and the kinds of other values follow from value and schema.
UPDATE parameter_version SET kind = 'tool-description'
WHERE name LIKE 'tool.%.description' AND description LIKE 'What a model is told of the tool %'
