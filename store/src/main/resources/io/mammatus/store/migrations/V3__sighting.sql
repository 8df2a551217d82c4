-- MAC addresses that were heard and belong to no machine yet.
create table sighting (
  mac            bigint      primary key,
  interface_name text        not null,
  smbios_uuid    text,
  firmware       text,
  vendor_class   text,
  first_seen     timestamptz not null,
  last_seen      timestamptz not null
);
