"""The ``[notify]`` part of a body's file: who is told, and over which channels."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from yearbook.notice import Event

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
SECRET = r"^[A-Za-z][A-Za-z0-9_]{0,47}$"  # noqa: S105
"""Names of secrets; shorter than elsewhere, as the channel's name in the store holds one."""


class Webhook(BaseModel):
    """A chat robot or a program that takes notices by HTTP.

    Attributes:
        format: Whose message it has to be.
        url_secret: Name of the secret with the address; addresses of robots hold their token.
        sign_secret: Name of the secret that signs DingTalk's requests; empty where the robot asks for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["wecom", "dingtalk", "plain"]
    url_secret: str = Field(pattern=SECRET)
    sign_secret: str = Field(default="", pattern=r"^([A-Za-z][A-Za-z0-9_]{0,63})?$")


class Notify(BaseModel):
    """Who is told.

    Attributes:
        mail: Addresses; a post's rather than a person's, since the file is kept with every run.
        webhooks: Robots and programs.
        events: What they are told of; everything where it is not given. The log is told of everything.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mail: tuple[str, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    events: frozenset[Event] = frozenset(Event)

    @field_validator("mail")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for place, address in enumerate(value, 1):
            if not ADDRESS.fullmatch(address):
                raise ValueError(f"address {place} of mail is no mail address")
        return value
