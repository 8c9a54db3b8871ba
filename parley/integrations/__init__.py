"""Outgoing webhooks, inbound partners (stripe, clerk, vapi, resend), Slack and the public API: one folder per partner.

Words: endpoint, delivery, signature, partner. Records no events. Nothing is built here yet.
"""
