// create_nodes[Node](rows): write
// Adds nodes of one type.
UNWIND $rows AS properties
CREATE (n:<Node>)
SET n = properties
