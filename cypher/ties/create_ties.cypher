// create_ties[From, Tie, To](rows): write
// Adds ties of one type between two types of node.
UNWIND $rows AS row
MATCH (a:<From> {id: row.start})
MATCH (b:<To> {id: row.end})
CREATE (a)-[t:<Tie>]->(b)
SET t = row.properties
