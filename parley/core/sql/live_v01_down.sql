drop trigger tell on events;
drop function tell_events();
drop function tell_change();
alter table events alter column tx drop default;
