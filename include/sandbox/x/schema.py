"""A small JSON Schema reader, and the request bodies of X's contract that the sandbox takes."""

import re
from typing import Any

Schema = dict[str, Any]

ID: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$"}
AUDIENCE: Schema = {"type": "string", "enum": ["following", "mentionedUsers", "subscribers", "verified"]}
MEDIA_TYPES = (
    *("video/mp4", "video/webm", "video/mp2t", "video/quicktime", "text/srt", "text/vtt", "image/jpeg", "image/gif"),
    *("image/bmp", "image/png", "image/webp", "image/pjpeg", "image/tiff", "model/gltf-binary", "model/vnd.usdz+zip"),
)
CATEGORIES = ("amplify_video", "tweet_gif", "tweet_image", "tweet_video", "dm_gif", "dm_image", "dm_video", "subtitles")


def record(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object with these properties and no others."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def array(items: Schema, least: int = 0, most: int = 1000) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


TEXT: Schema = {"type": "string"}
TRUTH: Schema = {"type": "boolean"}
TWEET_CREATE = record(
    text=TEXT,
    card_uri=TEXT,
    community_id=ID,
    direct_message_deep_link=TEXT,
    edit_options=record(("previous_post_id",), previous_post_id=ID),
    for_super_followers_only=TRUTH,
    geo=record(place_id=TEXT),
    made_with_ai=TRUTH,
    media=record(
        ("media_ids",),
        media_ids=array(ID, 1, 4),
        tagged_user_ids=array(ID, 0, 10),
        description=TEXT,
        embeddable=TRUTH,
        preview_media_id=ID,
        title=TEXT,
    ),
    nullcast=TRUTH,
    paid_partnership=TRUTH,
    poll=record(
        ("options", "duration_minutes"),
        options=array({"type": "string", "minLength": 1, "maxLength": 25}, 2, 4),
        duration_minutes={"type": "integer", "minimum": 5, "maximum": 10080},
        reply_settings=AUDIENCE,
    ),
    quote_tweet_id=ID,
    reply=record(
        ("in_reply_to_tweet_id",),
        in_reply_to_tweet_id=ID,
        auto_populate_reply_metadata=TRUTH,
        exclude_reply_user_ids=array(ID),
    ),
    reply_settings=AUDIENCE,
    share_with_followers=TRUTH,
)
MEDIA_INITIALIZE = record(
    media_type={"type": "string", "enum": list(MEDIA_TYPES)},
    total_bytes={"type": "integer", "minimum": 0, "maximum": 17179869184},
    media_category={"type": "string", "enum": list(CATEGORIES)},
    additional_owners=array(ID),
    shared=TRUTH,
)
MEDIA_ONE_SHOT = record(
    ("media", "media_category"),
    media=TEXT,
    media_category={"type": "string", "enum": ["tweet_image", "dm_image", "subtitles"]},
    media_type={
        "type": "string",
        "enum": [m for m in MEDIA_TYPES if m.startswith(("image", "text")) and m != "image/gif"],
    },
    additional_owners=array(ID),
    shared=TRUTH,
)
METADATA_CREATE: Schema = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": ID,
        "metadata": {
            "type": "object",
            "properties": {"alt_text": record(("text",), text={"type": "string", "maxLength": 1000})},
        },
    },
}

KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
}


def problem(value: Any, schema: Schema, at: str = "$") -> tuple[str, str] | None:
    """Where `value` first departs from `schema`, and how; None when it fits."""
    kind = schema["type"]
    fits = isinstance(value, KINDS[kind]) and not (kind == "integer" and isinstance(value, bool))
    if not fits:
        return at, f"{at}: {type(value).__name__} found, {kind} expected"
    if kind == "object":
        return _in_object(value, schema, at)
    if kind == "array":
        if not schema["minItems"] <= len(value) <= schema["maxItems"]:
            return at, f"{at}: there must be {schema['minItems']} to {schema['maxItems']} items in the array"
        found = (problem(item, schema["items"], f"{at}[{n}]") for n, item in enumerate(value))
        return next((p for p in found if p), None)
    return _in_scalar(value, schema, at)


def _in_object(value: dict[str, Any], schema: Schema, at: str) -> tuple[str, str] | None:
    properties = schema["properties"]
    missing = [name for name in schema.get("required", ()) if name not in value]
    if missing:
        return missing[0], f"{at}.{missing[0]}: is missing but it is required"
    unknown = [name for name in value if name not in properties]
    if unknown and schema.get("additionalProperties") is False:
        return unknown[0], f"{at}.{unknown[0]}: is not defined in the schema and the schema does not allow it"
    found = (problem(value[n], s, f"{at}.{n}") for n, s in properties.items() if n in value)
    return next((p for p in found if p), None)


def _in_scalar(value: Any, schema: Schema, at: str) -> tuple[str, str] | None:
    if "enum" in schema and value not in schema["enum"]:
        return at, f"{at}: does not have a value in the enumeration {schema['enum']}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return at, f"{at}: does not match the regex pattern {schema['pattern']}"
    if (
        not schema.get("minLength", 0)
        <= (len(value) if isinstance(value, str) else 0)
        <= schema.get("maxLength", 10**9)
    ):
        return at, f"{at}: must be at most {schema.get('maxLength')} characters long"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return at, f"{at}: must be between {schema['minimum']} and {schema['maximum']}"
    return None
