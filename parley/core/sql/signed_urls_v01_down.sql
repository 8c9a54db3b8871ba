drop function is_signed_url(text, bigint, text); drop function storage_signature(text, bigint);
drop function hmac_sha256(bytea, bytea); drop table storage_keys;
