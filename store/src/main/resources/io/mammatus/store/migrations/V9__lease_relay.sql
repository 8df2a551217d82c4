-- The relay that heard the client, as an address of 32 bits; 0 on the server's own link.
alter table lease add column relay bigint not null default 0;
