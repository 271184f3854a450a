"""The key of a home that signs the checkpoints of its trail: Ed25519, readable by its owner alone."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from data.errors import AuditUnavailable
from data.home import Home

SIGNS_OF_ID = 16


def signing_key(home: Home) -> Ed25519PrivateKey:
    """The home's key, made when there is none. Raises AuditUnavailable when it cannot be had."""
    path = home.audit_key_file
    try:
        if not path.exists():
            _make(path)
        found = form.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise AuditUnavailable(
            f"The key of the audit trail cannot be kept in {path}: {error.strerror}.",
            "Choose a home that may be written to.",
        ) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuditUnavailable(_no_key(path), "Put back the one that was there.") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise AuditUnavailable(_no_key(path), "Put back the one that was there.")
    return found


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a PEM file, as `audit key` prints it. Raises AuditUnavailable when it is none."""
    try:
        found = form.load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise AuditUnavailable(f"The key {path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuditUnavailable(_no_key(path)) from error
    if not isinstance(found, Ed25519PublicKey):
        raise AuditUnavailable(_no_key(path))
    return found


def as_text(key: Ed25519PublicKey) -> str:
    """The public key as PEM, to be kept outside."""
    return key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo).decode()


def id_of(key: Ed25519PublicKey) -> str:
    """How a checkpoint names the key that signed it."""
    raw = key.public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:SIGNS_OF_ID]


def _no_key(path: Path) -> str:
    return f"The file {path} holds no Ed25519 key in PEM."


def _make(path: Path) -> None:
    """The name appears only when the content is on the disk, and the first of two processes wins."""
    text = Ed25519PrivateKey.generate().private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".audit_key.")  # readable by its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()
