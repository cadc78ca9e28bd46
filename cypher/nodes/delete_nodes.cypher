// delete_nodes[Node](ids): write
// Removes nodes whose ties are gone already. One that still has a tie makes the transaction fail.
UNWIND $ids AS id
MATCH (n:<Node> {id: id})
DELETE n
