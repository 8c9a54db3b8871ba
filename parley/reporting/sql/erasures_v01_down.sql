drop policy erasures_owner on erasures; drop policy erasures_service on erasures; drop policy erasures_read on erasures;
drop policy erasures_ask on erasures; drop policy erasures_change on erasures;
alter table erasures drop constraint erasures_by;
