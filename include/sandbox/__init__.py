"""The platforms' APIs on this machine: Facebook, X and Slack over HTTP on loopback, with a seeded world behind them.

Written from the platforms' published contracts and documentation, and from nothing else: it shares no code with the
clients that talk to it. It takes what a platform takes, refuses what a platform refuses, and can be told to fail.

    python -m include.sandbox --port 8800 --world world.json --seed 7
"""
