-- Grows whenever a network goes to another boot server: who gets it back with another number reads the leases again.
alter table duty add column hands bigint not null default 1;
