drop trigger touch on lender_facts; drop trigger audit on lender_facts;
drop policy lender_facts_owner on lender_facts; drop policy lender_facts_service on lender_facts;
drop policy lender_facts_read on lender_facts; drop policy lender_facts_write on lender_facts;
drop trigger audit on scenarios; drop trigger touch on scenarios; drop trigger rubric on scenarios; drop trigger published on scenarios;
drop function check_rubric(); drop function keep_published_version();
