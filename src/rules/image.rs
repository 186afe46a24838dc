//! Pictures that strangers send: what they are is read from their first bytes, not from what they say they are.

use super::term::terms;

/// The largest picture that is kept.
pub const BYTES_MOST: usize = 2 * 1024 * 1024;

terms! {
    /// What a picture is.
    MediaType, "media type" {
        /// JPEG.
        Jpeg => "image/jpeg",
        /// PNG.
        Png => "image/png",
    }
}

/// A JPEG or PNG of bearable size.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    media_type: MediaType,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// Why something is no picture for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFault {
    /// Neither JPEG nor PNG.
    NoPicture,
    /// More than 2 MiB.
    TooLarge,
}

impl ImageFault {
    /// A sentence.
    pub fn detail(self) -> &'static str {
        match self {
            Self::NoPicture => "the picture must be a JPEG or a PNG",
            Self::TooLarge => "the picture may have at most 2 MB",
        }
    }
}

impl Image {
    /// Reads a picture; nothing at all is no picture and no fault.
    pub fn parse(bytes: Vec<u8>) -> Result<Option<Self>, ImageFault> {
        let media_type = match bytes.as_slice() {
            [] => return Ok(None),
            [0xFF, 0xD8, 0xFF, ..] => MediaType::Jpeg,
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => MediaType::Png,
            _ => return Err(ImageFault::NoPicture),
        };
        match bytes.len() <= BYTES_MOST {
            true => Ok(Some(Self { media_type, bytes })),
            false => Err(ImageFault::TooLarge),
        }
    }
    /// What it is.
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests;
