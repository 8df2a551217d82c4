-- Addresses of pools, as given to clients that are neither machines nor instances: written before the client is told. A
-- row outlives its lease, so that who comes back gets the same again. No index on the time: renewals are updates in place.
create table lease (
  network uuid not null,
  address bigint not null, -- IPv4, its 32 bits
  mac bigint not null,
  client_id text not null, -- option 61 in hexadecimal, or empty
  host_name text not null, -- as the client calls itself, printable ASCII, or empty
  port text not null,      -- where a relay heard it (option 82, in hexadecimal), or empty
  state smallint not null, -- 0 bound, 1 released, 2 declined
  since timestamptz not null,
  until timestamptz not null,
  primary key (network, address)
) with (fillfactor = 70);

-- Which boot server answers DHCP on a network. Times are the database's.
create table duty (
  network uuid primary key,
  server uuid not null,
  host text not null,      -- its name, for people
  until timestamptz not null
);

-- Where a relay heard a card: an address of that link.
alter table sighting add column link bigint;
