// delete_ties[From, Tie, To](rows): write
// Removes ties of one type.
UNWIND $rows AS row
MATCH (a:<From> {id: row.start})-[t:<Tie>]->(b:<To> {id: row.end})
WHERE coalesce(t.role, '') = row.role AND coalesce(t.valid_from, '') = row.valid_from
DELETE t
