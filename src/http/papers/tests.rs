use super::*;

#[test]
fn accept_chooses_what_is_wanted_most_of_what_is_on_offer() {
    use Format::{Html, Pdf, Zpl};
    let all = [Pdf, Html, Zpl];
    for (accept, format) in [
        ("", Some(Pdf)),
        ("*/*", Some(Pdf)),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Html)),
        ("application/zpl", Some(Zpl)),
        ("APPLICATION/PDF", Some(Pdf)),
        ("text/*", Some(Html)),
        ("text/html;q=0.2, application/zpl; q=0.7", Some(Zpl)),
        ("image/png, application/json", None),
        ("text/html;q=0", None),
        ("text/html;q=x", None),
    ] {
        assert_eq!(accepted(accept, &all), format, "{accept}");
    }
    assert_eq!(accepted("application/zpl", &[Pdf, Html]), None);
}
