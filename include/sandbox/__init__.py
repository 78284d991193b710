"""The platforms' APIs and Slack's on this machine, over HTTP on loopback, with a seeded world behind them.

Written from the platforms' published contracts and documentation, and from nothing else: it shares no code with the
clients that talk to it. It takes what a platform takes, refuses what a platform refuses, and can be told to fail.

    python -m include.sandbox --port 8800 --world world.json --seed 7 [--journal journal.jsonl]

    /facebook/v25.0/...      Graph API for Pages         /view/slack        the messages, as Slack shows them
    /instagram/v25.0/...     Graph API for Instagram     /media/...         the files of the world's media_dir
    /x/2/...                 X API v2                    /view/platforms    what is live, as cards
    /linkedin/rest/...       LinkedIn REST API, versioned
    /bluesky/xrpc/...        AT Protocol: server, repository, video service
    /mastodon/api/...        Mastodon's REST API
    /meta_ads/v25.0/...      Marketing API
    /slack/api/...           Slack Web API

    GET    /_sandbox/health
    GET    /_sandbox/requests     how often each endpoint was asked; DELETE forgets
    GET    /_sandbox/live         every post that came through the APIs, live or deleted, and how often it stands there
    POST   /_sandbox/clock        {"now": "2026-11-20T12:00:00Z"} or {"advance_s": 86400}
    POST   /_sandbox/faults       {"platform": "x", "endpoint": "/2/tweets", "kind": "drop_after"}, see faults.py
    POST   /_sandbox/lag          {"x": 90}: its lists lack a post for so long; lists_lag_s in world.json
    POST   /_sandbox/comments     {"account": "facebook_mekong", "text": "...", "post", "parent": ...}: one is said;
                                  PATCH {"account", "comment", "text"} rewords it, DELETE {"account", "comment"} takes
                                  it back; POST {"per_minute": 100}: so many more from now on, on all accounts together
    POST   /_sandbox/slack/reactions    {"channel": "#aurora", "ts": "...", "name": "eyes", "user": "marta"}; DELETE
    POST   /_sandbox/slack/messages     {"channel": "#aurora", "thread_ts": "...", "text": "...", "user": "marta"}

Where it is stricter than the platform, it says so at the place: Graph passes over a parameter that it does not know.
"""
