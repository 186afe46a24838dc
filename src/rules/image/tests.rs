use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

#[test]
fn a_picture_is_known_by_its_first_bytes() {
    let kind = |bytes: &[u8]| Image::parse(bytes.to_vec()).map(|i| i.map(|i| i.media_type()));
    assert_eq!(kind(b""), Ok(None));
    assert_eq!(kind(b"\xff\xd8\xff\xe0rest"), Ok(Some(MediaType::Jpeg)));
    assert_eq!(kind(PNG), Ok(Some(MediaType::Png)));
    for bad in [b"GIF89a".as_slice(), b"<svg xmlns=", b"<html>", b"\xff\xd8", b"\x89PNG\r\n", b" \xff\xd8\xff"] {
        assert_eq!(kind(bad), Err(ImageFault::NoPicture), "{bad:?}");
    }
}

#[test]
fn two_megabytes_are_the_most() {
    let of = |length: usize| {
        let mut bytes = PNG.to_vec();
        bytes.resize(length, 0);
        Image::parse(bytes)
    };
    assert!(of(BYTES_MOST).unwrap().is_some());
    assert_eq!(of(BYTES_MOST + 1), Err(ImageFault::TooLarge));
    assert_eq!(format!("{:?}", of(100).unwrap().unwrap()), "Image(image/png, 100 bytes)");
}
