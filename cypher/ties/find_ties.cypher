// find_ties[From, Tie, To](rows): many
// The ties of one type between these pairs of ends.
// columns: start, end, properties
UNWIND $rows AS row
MATCH (a:<From> {id: row.start})-[t:<Tie>]->(b:<To> {id: row.end})
RETURN a.id AS start, b.id AS end, properties(t) AS properties
