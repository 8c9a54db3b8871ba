-- A foreign key locks the table that it points to until its transaction ends. So these come last, when all else is made.
alter table criterion_overrides add constraint criterion_overrides_attempt
    foreign key (attempt_id) references scenario_attempts (id) on delete cascade;
alter table criterion_overrides add constraint criterion_overrides_user
    foreign key (org_id, user_id) references users (org_id, id) on delete cascade;
alter table criterion_overrides add constraint criterion_overrides_by
    foreign key (org_id, by_id) references users (org_id, id) on delete set null (by_id);
alter table criterion_disputes add constraint criterion_disputes_attempt
    foreign key (attempt_id) references scenario_attempts (id) on delete cascade;
alter table criterion_disputes add constraint criterion_disputes_user
    foreign key (org_id, user_id) references users (org_id, id) on delete cascade;
alter table criterion_disputes add constraint criterion_disputes_answered_by
    foreign key (org_id, answered_by_id) references users (org_id, id) on delete set null (answered_by_id);
alter table rescores add constraint rescores_scenario_same_org
    foreign key (org_id, scenario_id) references scenarios (org_id, id) deferrable initially deferred;
alter table rescores add constraint rescores_by
    foreign key (org_id, by_id) references users (org_id, id) on delete set null (by_id);
