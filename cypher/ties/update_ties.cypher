// update_ties[From, Tie, To](rows): write
// Sets the fields that changed; null removes one.
UNWIND $rows AS row
MATCH (a:<From> {id: row.start})-[t:<Tie>]->(b:<To> {id: row.end})
WHERE coalesce(t.role, '') = row.role AND coalesce(t.valid_from, '') = row.valid_from
SET t += row.properties
