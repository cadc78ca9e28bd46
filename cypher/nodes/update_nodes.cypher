// update_nodes[Node](rows): write
// Sets the fields that changed; null removes one.
UNWIND $rows AS row
MATCH (n:<Node> {id: row.id})
SET n += row.properties
