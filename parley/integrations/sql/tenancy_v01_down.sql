alter table webhook_deliveries drop constraint webhook_deliveries_webhook_same_org;
drop policy webhooks_owner on webhooks; drop policy webhooks_service on webhooks; drop policy webhooks_manage on webhooks;
drop policy webhook_deliveries_owner on webhook_deliveries; drop policy webhook_deliveries_service on webhook_deliveries;
drop policy webhook_deliveries_read on webhook_deliveries;
