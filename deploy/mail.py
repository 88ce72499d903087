"""Mail to people: one message to some of them, by the server that the operator names (SMTP, RFC 5321)."""

import smtplib
import ssl
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from deploy.errors import MailError
from ingest.model.declarations.declaration import Declaration

PATIENCE_SECONDS: Final = 30.0
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
Address = Annotated[str, Field(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$", max_length=254)]


class MailSecurity(StrEnum):
    """How the way to the server is protected: TLS asked for on the way, TLS from the start, or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailServer(Declaration):
    """The server that takes mail of ours, who we are there, and in whose name we write."""

    host: Annotated[str, Field(min_length=1, max_length=253)]
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: MailSecurity = MailSecurity.STARTTLS
    ca_file: Path | None = None
    user: str | None = None
    password_file: Path | None = None
    sender: Address

    @model_validator(mode="after")
    def _protected(self) -> Self:
        if self.security is MailSecurity.NONE and self.host not in LOOPBACK:
            raise ValueError("expected security starttls or tls: without, anybody on the way reads mail and password")
        if (self.user is None) != (self.password_file is None):
            raise ValueError("expected user and password_file, or neither")
        return self


def send(server: MailServer, message: EmailMessage) -> None:
    """Hand a message to the server; return when it has taken it for all recipients. Raises MailError with why not."""
    message["From"] = server.sender
    try:
        with _connected(server) as session:
            if server.user is not None and server.password_file is not None:
                session.login(server.user, server.password_file.read_text(encoding="utf-8").strip())
            refused = session.send_message(message)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise MailError(f"{server.host}:{server.port} does not take mail: {_words(error)}") from error
    if refused:
        raise MailError(f"{server.host}:{server.port} does not take mail for {', '.join(sorted(refused))}")


def _connected(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context(cafile=server.ca_file)
    if server.security is MailSecurity.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=trusted)
    session = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    if server.security is MailSecurity.STARTTLS:
        try:
            session.starttls(context=trusted)
        except BaseException:
            session.close()
            raise
    return session


def _words(error: Exception) -> str:
    """Return what the server, or the way to it, says; never what we told it."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {reply}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"it refuses {', '.join(sorted(error.recipients))}"
    return str(error) or type(error).__name__
