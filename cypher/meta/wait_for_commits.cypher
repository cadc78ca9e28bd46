// wait_for_commits(): value
// The number of the last change, once every commit under way has landed whole: Neo4j shows one piece by piece. It must
// not set the version, which it would have read before it had the lock.
MATCH (m:Meta {id: 'kith'})
SET m.locked = true
WITH m
RETURN m.version
