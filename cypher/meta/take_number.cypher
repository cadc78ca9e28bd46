// take_number(): value
// The number of the change that is being applied. Locks the Meta node until the transaction ends, so it is asked last.
MATCH (m:Meta {id: 'kith'})
SET m.version = m.version + 1
RETURN m.version
