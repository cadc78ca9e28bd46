// create_meta(schema_version): write
// Marks an empty database as holding a network, at version 0.
MERGE (m:Meta {id: 'kith'})
ON CREATE SET m.version = 0, m.schema_version = $schema_version
