// create_constraint[Label](): write
// Lets no two nodes with this label share an id, and makes a lookup by id a seek.
CREATE CONSTRAINT id_of_<Label> IF NOT EXISTS FOR (n:<Label>) REQUIRE n.id IS UNIQUE
