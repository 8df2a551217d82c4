-- The head is one row: whoever updates it holds the log until commit, so positions are dense and
-- in commit order. The fence stands beside it, so that one condition checks both.
create table log_head (
  one      boolean primary key default true check (one),
  position bigint  not null,
  fence    bigint  not null
);
insert into log_head (position, fence) values (0, 0);

create table event (
  position bigint      primary key,
  at       timestamptz not null,
  actor    text        not null,
  cause    text        not null,
  trace_id text        not null,
  type     text        not null,
  subjects uuid[]      not null,
  payload  jsonb       not null
);
create index event_subjects on event using gin (subjects);

create table resource (
  id        uuid   primary key,
  kind      text   not null,
  name      text   not null,
  workspace text   not null,
  version   bigint not null,
  position  bigint not null,
  body      jsonb  not null,
  unique (kind, workspace, name)
) with (fillfactor = 80);
