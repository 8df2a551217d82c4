-- Which control plane holds a node's connection, and when it last said so. Overwritten all the time and worth nothing
-- after a crash of the server: not in the write-ahead log.
create unlogged table presence (
  node_id uuid primary key,
  server uuid not null,
  seen timestamptz not null
);

-- What the control plane tells the other processes of itself, by name.
create table announcement (
  name text primary key,
  value text not null
);
