// list_ties[Tie](): many
// All ties of one type, with all their fields.
// columns: start, end, properties
MATCH (a)-[t:<Tie>]->(b)
RETURN a.id AS start, b.id AS end, properties(t) AS properties
