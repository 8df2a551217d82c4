-- What only repeats. Aged and bounded: it never bloats the log.
create table trace (
  id      bigint generated always as identity primary key,
  at      timestamptz not null,
  subject uuid,
  mac     bigint,
  address text,
  source  text  not null,
  what    text  not null,
  reason  text  not null,
  detail  jsonb not null
);
create index trace_at on trace (at);
create index trace_subject on trace (subject, id) where subject is not null;
create index trace_mac on trace (mac, id) where mac is not null;
