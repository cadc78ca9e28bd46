// list_chunks(ids): many
// The parts of what some changes did, by the parts' own ids.
// columns: change, part, data
UNWIND $ids AS id
MATCH (c:ChangeChunk {id: id})
RETURN c.change AS change, c.part AS part, c.data AS data
