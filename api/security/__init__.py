"""What stands between a request and a route.

From the outside in: `headers` marks every answer, `hosts` and `origins` refuse what does not come from our own pages,
`sessions` finds out who is asking, and `bodies` bounds what is read. `links` lets the first person in.
"""
