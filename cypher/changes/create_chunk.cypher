// create_chunk(id, change, part, data): write
// Keeps a part of what a change did, compressed.
CREATE (c:ChangeChunk {id: $id, change: $change, part: $part, data: $data})
