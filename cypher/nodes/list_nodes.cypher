// list_nodes[Node](): many
// All nodes of one type, with all their fields.
// columns: properties
MATCH (n:<Node>)
RETURN properties(n) AS properties
