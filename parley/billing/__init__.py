"""Plans, entitlements and Stripe.

Words: plan, entitlement, subscription, invoice. Records no events. Nothing is built here yet.
"""
