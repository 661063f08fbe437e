"""Deletes every chat whose title contains a word, and proves that each is gone. Needs Python 3.9 and nothing else.

    LETHE_URL=http://localhost:8000 LETHE_API_KEY=your-tenant-api-key python3 delete_chats.py invoice
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

BASE = os.environ["LETHE_URL"].rstrip("/") + "/api/v1"
KEY = os.environ["LETHE_API_KEY"]
ATTEMPTS = 3


def call(method, path, headers=None):
    """Status, headers and JSON of an answer. A refusal is an answer too: a problem document (RFC 9457)."""
    request = urllib.request.Request(BASE + path, method=method, headers={"X-API-Key": KEY, **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status, answer.headers, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, json.load(refusal)


def find(word):
    """The chats whose title contains the word, page after page."""
    query = {"q": word, "limit": "100"}
    while True:
        status, _, page = call("GET", "/chats?" + urllib.parse.urlencode(query))
        if status != 200:
            sys.exit(f"{status}: {page['detail']} (request {page['request_id']})")
        yield from page["data"]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


def delete(chat_id):
    """Deletes a chat for good. Waits while others are connected to it, and leaves it to them after that."""
    # One key for all attempts: should an answer be lost, the deletion is not done twice.
    retry = {"Idempotency-Key": f'"{uuid.uuid4()}"'}
    for attempt in range(1, ATTEMPTS + 1):
        status, headers, answer = call("DELETE", f"/chats/{chat_id}", retry)
        if status == 409 and answer["code"] == "active_connections" and attempt < ATTEMPTS:
            print(f"{chat_id}: {answer['active_connections']} still connected, waiting")
            time.sleep(int(headers["Retry-After"]))
            continue
        break
    if status in (200, 404):
        gone, _, _ = call("GET", f"/chats/{chat_id}")
        if gone != 404:
            sys.exit(f"{chat_id}: deleted, and yet read with {gone}")
        print(f"{chat_id}: gone, with {answer.get('message_count', 0)} messages")
        return True
    print(f"{chat_id}: kept, {answer['detail']}")
    return False


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] == "":
        sys.exit(f"usage: {sys.argv[0]} <word of the title>")
    # All of them first: what is deleted would move the pages.
    outcomes = [delete(chat["id"]) for chat in list(find(sys.argv[1]))]
    print(f"{sum(outcomes)} of {len(outcomes)} deleted")
    sys.exit(0 if all(outcomes) else 1)
