// count_nodes[Node](): value
// How many nodes of one type there are.
MATCH (n:<Node>)
RETURN count(n)
