// find_nodes[every Node](ids): many
// The nodes with these ids, whatever their type.
// columns: type, properties
UNWIND $ids AS id
MATCH (n:<Node> {id: id})
RETURN '<Node>' AS type, properties(n) AS properties
