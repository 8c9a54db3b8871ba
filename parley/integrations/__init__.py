"""Outgoing webhooks, inbound partners (stripe, clerk, vapi, resend), Slack and the public API: one folder per partner.

Words: endpoint, delivery, signature, partner. Records no events. Tables and `enqueue_webhook` are here;
sending follows.
"""
