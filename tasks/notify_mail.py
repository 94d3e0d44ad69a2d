"""A notice as a mail: one recipient each, so that nobody reads who else is told."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from tasks.secrets import secret
from tasks.settings import Settings
from yearbook.errors import Refusal
from yearbook.notice import Notice
from yearbook.period import BEIJING


def send_mail(settings: Settings, address: str, notice: Notice, at: datetime) -> None:
    """Send a notice to one address.

    Raises:
        Refusal: Settings are missing, or the server did not take it; never with an address or an answer's text.
    """
    if not settings.smtp_host or not settings.smtp_sender:
        raise Refusal("没有设置邮件服务器或发件地址", todo="设置 YEARBOOK_SMTP_HOST 和 YEARBOOK_SMTP_SENDER")
    if settings.smtp_user and settings.smtp_security == "none":
        raise Refusal(
            "邮件服务器的连接不加密，不发送口令", todo="把 YEARBOOK_SMTP_SECURITY 设为 tls 或 starttls，或取消用户名"
        )
    password = secret(settings, settings.smtp_secret) if settings.smtp_user else ""
    try:
        with _connected(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, password)
            server.send_message(message(settings.smtp_sender, address, notice, at), settings.smtp_sender, [address])
    except smtplib.SMTPResponseException as error:
        # the server's words may quote the address or the user
        words = f"邮件服务器拒绝（{error.smtp_code}）"
    except smtplib.SMTPRecipientsRefused as error:
        words = f"邮件服务器拒收该地址（{'、'.join(str(code) for code, _ in error.recipients.values())}）"
    except (smtplib.SMTPException, OSError) as error:
        words = f"邮件没有送出（{type(error).__name__}）"
    else:
        return
    raise Refusal(words, todo="核对 YEARBOOK_SMTP_ 开头的设置和收件地址")


def message(sender: str, address: str, notice: Notice, at: datetime) -> EmailMessage:
    """The mail; its number follows from the notice, so that a second copy can be told for what it is."""
    mail = EmailMessage()
    mail["Subject"] = notice.subject
    mail["From"] = sender
    mail["To"] = address
    mail["Date"] = format_datetime(at.astimezone(BEIJING))
    mail["Message-ID"] = f"<{notice.mark}@{sender.rpartition('@')[2]}>"
    # out-of-office replies stay away from what a program wrote
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(notice.text + "\n", charset="utf-8", cte="base64")
    return mail


def _connected(settings: Settings) -> smtplib.SMTP:
    where = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=settings.notify_seconds, context=ssl.create_default_context())
    server = smtplib.SMTP(*where, timeout=settings.notify_seconds)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
