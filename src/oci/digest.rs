//! `algorithm:hex` names of content, and how they are computed.

use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};

const ALGORITHM: &str = "sha256";
const HEX_LENGTH: usize = 64;

/// `sha256:` and 64 lower-case hexadecimal digits (OCI image specification, "Digests").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(Arc<str>);

/// Why a text is not a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("a digest is `sha256:` and 64 hexadecimal digits; there is no `:`")]
    NoAlgorithm,
    #[error("digest algorithm `{algorithm}` is not supported; `sha256` is")]
    Unsupported { algorithm: String },
    #[error("a sha256 digest has 64 hexadecimal digits, not {length}")]
    Length { length: usize },
    #[error("a sha256 digest has hexadecimal digits in lower case only, not `{character}`")]
    Character { character: char },
}

/// Computes a digest piece by piece. Writing to it never fails.
#[derive(Clone, Debug, Default)]
pub struct Hasher {
    state: Sha256,
    length: u64,
}

/// A reader that hashes what is read through it.
#[derive(Debug)]
pub struct HashingReader<R> {
    inner: R,
    hasher: Hasher,
}

impl Digest {
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes.as_ref());
        hasher.finish()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 64 digits alone.
    pub fn hex(&self) -> &str {
        &self.0[ALGORITHM.len() + 1..]
    }

    /// The first twelve digits: enough for people.
    pub fn short(&self) -> &str {
        &self.hex()[..12]
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (algorithm, hex) = text.split_once(':').ok_or(DigestError::NoAlgorithm)?;
        if algorithm != ALGORITHM {
            return Err(DigestError::Unsupported { algorithm: algorithm.chars().take(32).collect() });
        }
        if let Some(character) = hex.chars().find(|c| !matches!(c, '0'..='9' | 'a'..='f')) {
            return Err(DigestError::Character { character });
        }
        if hex.len() != HEX_LENGTH {
            return Err(DigestError::Length { length: hex.len() });
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Hasher {
    pub fn update(&mut self, bytes: &[u8]) {
        self.state.update(bytes);
        self.length += bytes.len() as u64;
    }

    /// Bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn finish(self) -> Digest {
        let mut text = String::with_capacity(ALGORITHM.len() + 1 + HEX_LENGTH);
        text.push_str(ALGORITHM);
        text.push(':');
        for byte in self.state.finalize() {
            for half in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(half), 16).expect("half a byte is one hexadecimal digit"));
            }
        }
        Digest(text.into())
    }
}

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<R> HashingReader<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, hasher: Hasher::default() }
    }

    /// The reader and the hash of what was read so far.
    pub fn into_parts(self) -> (R, Hasher) {
        (self.inner, self.hasher)
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for HashingReader<R> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.inner).poll_read(cx, buffer))?;
        this.hasher.update(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use tokio::io::AsyncReadExt as _;

    const OF_ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn content_has_the_digest_that_the_standard_says() {
        assert_eq!(Digest::of("abc").as_str(), OF_ABC);
        let mut hasher = Hasher::default();
        hasher.write_all(b"a").expect("a hasher takes everything");
        hasher.write_all(b"bc").expect("a hasher takes everything");
        assert_eq!((hasher.length(), hasher.finish().as_str()), (3, OF_ABC));
    }

    #[tokio::test]
    async fn a_reader_is_hashed_as_it_is_read() {
        let mut reader = HashingReader::new(&b"abc"[..]);
        let mut text = String::new();
        reader.read_to_string(&mut text).await.expect("memory can be read");
        assert_eq!((text.as_str(), reader.into_parts().1.finish().as_str()), ("abc", OF_ABC));
    }

    #[test]
    fn only_whole_sha256_digests_are_read() {
        assert_eq!(OF_ABC.parse::<Digest>().map(|digest| digest.to_string()), Ok(OF_ABC.to_owned()));
        for (text, expect) in [
            (&OF_ABC[..70], "a sha256 digest has 64 hexadecimal digits, not 63"),
            (&format!("sha512:{}", "f".repeat(128)), "digest algorithm `sha512` is not supported; `sha256` is"),
            (
                &OF_ABC.to_uppercase().replace("SHA", "sha"),
                "a sha256 digest has hexadecimal digits in lower case only, not `B`",
            ),
            ("abc", "a digest is `sha256:` and 64 hexadecimal digits; there is no `:`"),
            ("sha256:", "a sha256 digest has 64 hexadecimal digits, not 0"),
        ] {
            assert_eq!(text.parse::<Digest>().map_err(|error| error.to_string()), Err(expect.to_owned()));
        }
    }
}
