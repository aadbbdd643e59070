"""Hash functions as hashlib has them, which loads OpenSSL too, in 2 to 3 ms."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b, shake_256
else:
    try:
        from _blake2 import blake2b
        from _sha3 import shake_256
    except ImportError:
        from hashlib import blake2b, shake_256

__all__ = ["blake2b", "shake_256"]
