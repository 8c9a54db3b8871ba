"""What every domain stands on, and nothing about sales.

Owns tenancy (roles, claims), the event log and its subscribers, SQL files in migrations, storage buckets with signed
addresses, logs and health. Words: claim, member, event, subscriber, bucket, signed address.
Events recorded: none of its own; it keeps everybody's.
"""
