-- A registry as revision 0001 left it, with one of everything.
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES('0001');
CREATE TABLE athletes (
	id VARCHAR(8) NOT NULL,
	display_name VARCHAR(80) NOT NULL,
	name_key VARCHAR(320) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	mass_kg DOUBLE,
	week_start INTEGER NOT NULL,
	simulated BOOLEAN NOT NULL,
	CONSTRAINT ck_athletes_mass_kg CHECK (mass_kg IS NULL OR mass_kg BETWEEN 20 AND 250),
	CONSTRAINT ck_athletes_week_start CHECK (week_start BETWEEN 1 AND 7),
	CONSTRAINT pk_athletes PRIMARY KEY (id)
);
INSERT INTO athletes VALUES('aaaaaaaa','me','me','Europe/Berlin',70.0,1,0);
INSERT INTO athletes VALUES('bbbbbbbb','Bert','bert','UTC',NULL,7,0);
CREATE TABLE devices (
	id VARCHAR(8) NOT NULL,
	address VARCHAR(80) NOT NULL,
	address_key VARCHAR(320) NOT NULL,
	name VARCHAR(80) NOT NULL,
	profile VARCHAR(80) NOT NULL,
	athlete VARCHAR(8),
	side VARCHAR(1) NOT NULL,
	mount VARCHAR(8),
	CONSTRAINT ck_devices_side CHECK (side IN ('L', 'R', 'U')),
	CONSTRAINT ck_devices_mount CHECK (mount IS NULL OR mount IN ('foot', 'shank', 'sacrum')),
	CONSTRAINT fk_devices_athlete FOREIGN KEY(athlete) REFERENCES athletes (id),
	CONSTRAINT pk_devices PRIMARY KEY (id)
);
INSERT INTO devices VALUES('dddddddd','AA:BB','aa:bb','pod','standard-rsc','aaaaaaaa','L','foot');
CREATE TABLE shoes (
	id VARCHAR(8) NOT NULL,
	athlete VARCHAR(8) NOT NULL,
	name VARCHAR(80) NOT NULL,
	drop_mm DOUBLE,
	start_distance_m DOUBLE NOT NULL,
	retired_utc DATETIME,
	CONSTRAINT ck_shoes_start_distance_m CHECK (start_distance_m >= 0),
	CONSTRAINT fk_shoes_athlete FOREIGN KEY(athlete) REFERENCES athletes (id),
	CONSTRAINT pk_shoes PRIMARY KEY (id)
);
INSERT INTO shoes VALUES('ssssssss','aaaaaaaa','Racer',8.0,1000.0,'2026-01-01 00:00:00.000000');
CREATE TABLE aliases (
	old VARCHAR(8) NOT NULL,
	new VARCHAR(8) NOT NULL,
	CONSTRAINT fk_aliases_new FOREIGN KEY(new) REFERENCES athletes (id),
	CONSTRAINT pk_aliases PRIMARY KEY (old)
);
INSERT INTO aliases VALUES('cccccccc','aaaaaaaa');
CREATE UNIQUE INDEX ix_athletes_name_key ON athletes (name_key);
CREATE UNIQUE INDEX ix_devices_address_key ON devices (address_key);
CREATE INDEX ix_devices_athlete ON devices (athlete);
CREATE INDEX ix_shoes_athlete ON shoes (athlete);
CREATE INDEX ix_aliases_new ON aliases (new);
