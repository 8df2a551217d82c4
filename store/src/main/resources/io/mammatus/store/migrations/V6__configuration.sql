-- What configuration files led to; asked at each start, and so little that its index is almost empty.
create index event_configuration on event (position) where actor = 'configuration';
