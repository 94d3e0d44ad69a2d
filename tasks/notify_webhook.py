"""A notice as a request to a chat robot or a program.

Plain text for the robots: there is nothing in it that would have to be escaped, and every client shows it.
"""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tasks.notify_config import Webhook
from tasks.secrets import secret
from tasks.settings import Settings
from yearbook.errors import Refusal
from yearbook.notice import Notice

WECOM_BYTES = 2048
DINGTALK_BYTES = 20_000
MOST_BYTES = 64 * 1024
TODO = "核对 url_secret 指的地址；用 yearbook notify --test 再试"


def send_webhook(settings: Settings, hook: Webhook, notice: Notice, at: datetime) -> None:
    """Send a notice to a webhook.

    Raises:
        Refusal: A secret is missing, or the other side did not take it; never with the address or an answer's text.
    """
    url = secret(settings, hook.url_secret)
    if hook.sign_secret:
        url = signed(url, secret(settings, hook.sign_secret), at)
    status, answer = _posted(url, payload(hook, notice), settings.notify_seconds)
    if not 200 <= status < 300:  # noqa: PLR2004 - the numbers of HTTP
        raise Refusal(f"对方答复状态码 {status}", todo=TODO)
    if hook.format != "plain" and (code := _errcode(answer)) != 0:
        raise Refusal("对方的答复看不懂" if code is None else f"对方拒收，errcode {code}", todo=TODO)


def payload(hook: Webhook, notice: Notice) -> dict[str, Any]:
    """What is sent."""
    if hook.format == "plain":
        names = ("event", "body", "year", "subject", "text")
        return {name: getattr(notice, name) for name in names}
    most = WECOM_BYTES if hook.format == "wecom" else DINGTALK_BYTES
    return {"msgtype": "text", "text": {"content": _cut(f"{notice.subject}\n{notice.text}", most)}}


def signed(url: str, key: str, at: datetime) -> str:
    """The address with the time and DingTalk's signature of it."""
    stamp = str(int(at.timestamp() * 1000))
    digest = hmac.new(key.encode(), f"{stamp}\n{key}".encode(), hashlib.sha256).digest()
    query = urlencode({"timestamp": stamp, "sign": base64.b64encode(digest).decode()})
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _cut(text: str, most: int) -> str:
    """The text within so many bytes, never in the middle of a character."""
    data = text.encode()
    return text if len(data) <= most else data[: most - len("…".encode())].decode(errors="ignore") + "…"


def _posted(url: str, content: dict[str, Any], seconds: int) -> tuple[int, bytes]:
    """Status and body of the answer.

    The transport is asked itself, not a client: a client writes every address to its log, follows redirects and
    takes proxies from the environment. An address that holds a token must meet none of these.
    """
    import httpx

    limits = httpx.Timeout(seconds).as_dict()
    try:
        request = httpx.Request("POST", url, json=content, extensions={"timeout": limits})
        if request.url.scheme not in ("http", "https") or not request.url.host:
            raise Refusal("通知地址不是 http 或 https 地址", todo=TODO)
        with httpx.HTTPTransport() as transport:
            response = transport.handle_request(request)
            return response.status_code, _body(response, time.monotonic() + seconds)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        # neither their text nor what they follow from: both may quote the address
        trouble = type(error).__name__
    raise Refusal(f"没有送到（{trouble}）", todo=TODO)


def _body(response: Any, until: float) -> bytes:
    """The beginning of an answer; one that drips on and on is left alone."""
    data = b""
    try:
        for chunk in response.iter_raw():
            data += chunk
            if len(data) > MOST_BYTES or time.monotonic() > until:
                break
    finally:
        response.close()
    return data


def _errcode(answer: bytes) -> int | None:
    """The robot's own code; None where the answer holds none."""
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    code = found.get("errcode") if isinstance(found, dict) else None
    return code if isinstance(code, int) else None
