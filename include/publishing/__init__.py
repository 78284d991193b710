"""Publishing: once, on time. Knows posts and the ledger; platforms are passed in as `Publisher` objects.

schedule    calendar -> publications           sending     one claim -> one call -> its outcome
answers     what reactions in Slack mean
approval    who said yes to which text         reconcile   what became of the unknown ones
ledger      claims, fences, leases             decisions   what a person decides about a held one
states      the steps that there are           images      are they still those that were approved
"""
