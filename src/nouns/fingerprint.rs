//! The fingerprint of bytes: equal for equal bytes, and for nothing else that anybody can make.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 of something, printed as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// That of some bytes.
    ///
    /// ```
    /// use rapporteur::nouns::fingerprint::Fingerprint;
    ///
    /// let nothing = Fingerprint::of(b"").to_string();
    /// assert!(nothing.starts_with("e3b0c44298fc1c14"));
    /// ```
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(bytes).into())
    }

    /// That of several things in their order; where one ends and the next begins counts too.
    ///
    /// ```
    /// use rapporteur::nouns::fingerprint::Fingerprint;
    ///
    /// let apart = Fingerprint::of_all([&b"ab"[..], b"c"]);
    /// assert_ne!(apart, Fingerprint::of_all([&b"a"[..], b"bc"]));
    /// ```
    pub fn of_all<'a>(things: impl IntoIterator<Item = &'a [u8]>) -> Fingerprint {
        let mut digest = Sha256::new();
        for thing in things {
            digest.update((thing.len() as u64).to_le_bytes());
            digest.update(thing);
        }
        Fingerprint(digest.finalize().into())
    }

    /// Its 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
