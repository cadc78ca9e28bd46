// list_ties_of[Node](id, limit): many
// The ties of one node, either way, with what is at the other end.
// columns: type, outward, other, other_type, other_name, other_valid_from, other_valid_to, properties
MATCH (n:<Node> {id: $id})-[t]-(m)
RETURN type(t) AS type, startNode(t).id = $id AS outward, m.id AS other, labels(m)[0] AS other_type,
       m.name AS other_name, m.valid_from AS other_valid_from, m.valid_to AS other_valid_to,
       properties(t) AS properties
ORDER BY type, other, outward, coalesce(t.valid_from, ''), coalesce(t.role, '')
LIMIT $limit
