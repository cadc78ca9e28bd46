// create_change(properties): write
// Puts a change on the record.
CREATE (c:Change)
SET c = $properties
