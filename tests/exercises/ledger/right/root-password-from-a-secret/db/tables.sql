CREATE TABLE entry (account varchar(64) NOT NULL, cents bigint NOT NULL, KEY (account));
