// get_change_by_number(number): one
// One change by its number.
// columns: change
MATCH (c:Change {number: $number})
RETURN properties(c) AS change
