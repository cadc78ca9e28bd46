// get_change(id): one
// One change by its id.
// columns: change
MATCH (c:Change {id: $id})
RETURN properties(c) AS change
