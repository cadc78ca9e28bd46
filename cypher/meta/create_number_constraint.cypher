// create_number_constraint(): write
// Lets no two changes share a number.
CREATE CONSTRAINT number_of_Change IF NOT EXISTS FOR (n:Change) REQUIRE n.number IS UNIQUE
