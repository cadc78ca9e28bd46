// create_ties[From, Tie, To](rows): write
// Adds ties of one type between two types of node. The WITH lets Neo4j seek one end after the other.
UNWIND $rows AS row
MATCH (a:<From> {id: row.start})
WITH a, row.end AS other, row.properties AS properties
MATCH (b:<To> {id: other})
CREATE (a)-[t:<Tie>]->(b)
SET t = properties
