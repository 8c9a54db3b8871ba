"""The attack suite: every table, view, function and address, tried by everybody who must not.

It is generated from PostgreSQL's catalogue and the URL map, so what is added later is attacked too, and a new table
without rows or rules here fails until somebody says who may touch it.
"""
