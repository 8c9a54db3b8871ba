-- What each process caches by organisation tells of its changes, however it is changed.
create trigger tell after insert or update or delete on orgs for each row execute function tell_change();
create trigger tell after insert or update or delete on scenarios for each row execute function tell_change();
create trigger tell after insert or update or delete on lender_facts for each row execute function tell_change();
create trigger tell after insert or update or delete on pack_approvals for each row execute function tell_change();
