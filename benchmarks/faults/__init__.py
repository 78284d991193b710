"""Faults of every kind, at random, on every step of publishing: nothing may go out twice, be lost or be left hanging.

    make faults
    python -m benchmarks.faults --publications 1000 --seed 7 --platforms facebook x

The tasks of `publish_posts` and `reconcile_posts` run in processes of their own, with the real hooks over HTTP against
the sandbox, itself a process. The sandbox drops connections before and after it has done what was asked, answers 429
with and without a wait, 500 before and after, with half a body, slowly, or refuses a token for a while. Meanwhile
processes are killed with SIGKILL and connections to the warehouse are cut. The judge is the sandbox's own list of what
is live.

Two things are made shorter than in life, so that it ends: leases and the networks' delay in their lists are seconds,
and a post that must wait is let wait two seconds. A post that is held because its token was refused, and so surely
not out, is sent by an operator, as a person who renewed the token would do it.
"""
