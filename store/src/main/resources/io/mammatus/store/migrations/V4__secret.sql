-- Only what proves a secret, never the secret.
create table api_token (
  name    text        primary key,
  hash    bytea       not null unique,
  created timestamptz not null
);

create table certificate (
  serial      text        primary key,
  node_id     uuid        not null,
  fingerprint text        not null,
  not_after   timestamptz not null,
  revoked_at  timestamptz
);
create index certificate_node on certificate (node_id);
