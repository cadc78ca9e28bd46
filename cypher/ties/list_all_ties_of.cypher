// list_all_ties_of[Node](id): many
// Every tie of one node, either way: what goes when the node goes.
// columns: type, outward, other, properties
MATCH (n:<Node> {id: $id})-[t]-(m)
RETURN type(t) AS type, startNode(t).id = $id AS outward, m.id AS other, properties(t) AS properties
