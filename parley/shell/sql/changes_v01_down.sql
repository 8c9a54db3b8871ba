drop trigger tell on orgs;
drop trigger tell on scenarios;
drop trigger tell on lender_facts;
drop trigger tell on pack_approvals;
