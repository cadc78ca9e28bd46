// list_tie_columns[Tie](): one
// All ties of one type, one list a column.
// columns: start, end, strength, role, level, source, basis, valid_from, valid_to, review_by, created_by
MATCH (a)-[t:<Tie>]->(b)
WITH collect(a.id) AS start, collect(b.id) AS end, collect(t) AS ties
RETURN start, end,
       [t IN ties | t.strength] AS strength,
       [t IN ties | t.role] AS role,
       [t IN ties | t.level] AS level,
       [t IN ties | t.source] AS source,
       [t IN ties | t.basis] AS basis,
       [t IN ties | t.valid_from] AS valid_from,
       [t IN ties | t.valid_to] AS valid_to,
       [t IN ties | t.review_by] AS review_by,
       [t IN ties | t.created_by] AS created_by
