// get_meta(): one
// How far the network has come and how it is laid out.
// columns: version, schema_version
MATCH (m:Meta {id: 'kith'})
RETURN m.version AS version, m.schema_version AS schema_version
