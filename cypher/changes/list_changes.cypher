// list_changes(above, below, limit): many
// The changes between two numbers, the latest first.
// columns: change
MATCH (c:Change)
WHERE c.number > $above AND c.number < $below
RETURN properties(c) AS change
ORDER BY c.number DESC
LIMIT $limit
