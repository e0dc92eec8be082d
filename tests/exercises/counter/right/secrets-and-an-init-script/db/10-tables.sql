CREATE TABLE counter (word text PRIMARY KEY, times integer NOT NULL);
