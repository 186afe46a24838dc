use super::super::term::Term;
use super::*;

fn signer(byte: u8) -> Signer {
    Signer::new([byte; 32])
}

fn about(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

#[test]
fn a_link_is_read_as_it_was_written() {
    for purpose in Purpose::ALL {
        let link = Link { purpose: *purpose, about: about(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057) };
        let token = signer(1).token(link);
        assert_eq!(token.len(), 44);
        assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{token}");
        assert_eq!(signer(1).read(&token), Some(link));
        assert_eq!(signer(1).token(link), token, "written again it is the same");
    }
}

#[test]
fn no_other_key_dispatch_or_purpose_reads_a_link() {
    let link = Link { purpose: Purpose::Accept, about: about(7) };
    let token = signer(1).token(link);
    assert_eq!(signer(2).read(&token), None);
    let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            assert_eq!(signer(1).read(&URL_SAFE_NO_PAD.encode(changed)), None, "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn what_is_no_link_is_not_read() {
    let token = signer(1).token(Link { purpose: Purpose::Problem, about: about(7) });
    let longer = format!("{token}A");
    let padded = format!("{token}==");
    let long = "A".repeat(1_000_000);
    for bad in ["", "A", &token[..43], &longer, &padded, &long, "é".repeat(22).as_str(), &token.replace(&token[..4], "!!!!")] {
        assert_eq!(signer(1).read(bad), None, "{}", &bad.chars().take(60).collect::<String>());
    }
}

#[test]
fn a_form_belongs_to_its_link() {
    let link = Link { purpose: Purpose::Delivered, about: about(7) };
    let form = signer(1).form(link);
    assert!(signer(1).is_form_of(link, &form));
    for other in [Link { purpose: Purpose::Accept, ..link }, Link { about: about(8), ..link }] {
        assert!(!signer(1).is_form_of(other, &form));
    }
    assert!(!signer(2).is_form_of(link, &form));
    // The token in the address is no form: who only knows the link has not seen the page.
    for bad in ["", &signer(1).token(link), &form[..20]] {
        assert!(!signer(1).is_form_of(link, bad));
    }
}

#[test]
fn the_key_is_not_shown() {
    assert_eq!(format!("{:?}", signer(7)), "Signer(…)");
}

#[test]
fn a_link_to_sign_in_is_read_by_whoever_signed_it_and_for_nothing_else() {
    let (ours, theirs) = (Signer::new([1; 32]), Signer::new([2; 32]));
    let id = Uuid::from_u128(0x0193_5f2a);
    let token = ours.sign_in_token(id);
    assert_eq!((token.len(), ours.read_sign_in(&token), theirs.read_sign_in(&token)), (43, Some(id), None));
    assert_eq!(ours.read(&token), None);
    for at in 0..token.len() {
        let mut bent = token.clone().into_bytes();
        bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
        assert_ne!(ours.read_sign_in(std::str::from_utf8(&bent).unwrap()), Some(id), "{at}");
    }
    for text in ["", "x", &token[1..], &format!("{token}A"), &"é".repeat(43)] {
        assert_eq!(ours.read_sign_in(text), None);
    }
}

#[test]
fn a_form_is_that_of_its_page() {
    let (ours, theirs) = (Signer::new([1; 32]), Signer::new([2; 32]));
    let form = ours.page("cookie");
    assert!(ours.is_page_of("cookie", &form));
    assert!(!ours.is_page_of("cookie2", &form) && !theirs.is_page_of("cookie", &form));
    assert!(!ours.is_page_of("cookie", "") && !ours.is_page_of("cookie", &form[1..]));
}
