-- Only what proves a secret, never the secret.
create table api_token (
  name    text        primary key,
  hash    bytea       not null unique,
  created timestamptz not null
);
