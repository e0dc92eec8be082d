CREATE TABLE berth (
    name text PRIMARY KEY,
    ship text NOT NULL
);
