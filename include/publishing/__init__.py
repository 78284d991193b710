"""Publishing: once, on time. Knows posts and the ledger; platforms are passed in as `Publisher` objects.

schedule    calendar -> publications           sending     one claim -> one call -> its outcome
approval    who said yes to which text         reconcile   what became of the unknown ones
answers     what reactions in Slack mean       decisions   what a person decides about a held one
ledger      claims, fences, leases             holds       a brand or an account at rest
states      the steps that there are           manual      posts that people paste by hand
images      are they still those that were approved
"""
