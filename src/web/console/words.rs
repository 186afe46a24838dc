//! Names of the API in words.

/// Words that aren't just a name with its underscores taken out.
const WORDS: [(&str, &str); 14] = [
    ("rma", "RMA"),
    ("case", "Case"),
    ("id", "Identifier"),
    ("due_at", "Due"),
    ("ship_by", "Ship by"),
    ("deliver_by", "Deliver by"),
    ("return_by", "Return by"),
    ("url", "Address"),
    ("email", "E-mail"),
    ("iana", "Zone"),
    ("gold_plus", "Gold Plus"),
    ("rma_issued", "RMA issued"),
    ("issued_at", "Issued"),
    ("promised_at", "Promised"),
];

/// The last member of a pointer, or a word of a vocabulary, as people read it.
pub(in crate::web) fn label(pointer: &str) -> String {
    let name = pointer.rsplit('/').find(|piece| piece.parse::<usize>().is_err()).unwrap_or(pointer);
    if let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == name) {
        return (*words).to_owned();
    }
    let words = name.trim_end_matches("_at").trim_end_matches("_on").replace(['_', '-'], " ").replace("rma", "RMA");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How a word of a vocabulary is colored.
pub(in crate::web) fn tone(word: &str) -> &'static str {
    match word {
        "missed" | "stuck" | "overdue" | "problem" | "cancelled" | "refused" | "quarantined" | "not_covered" | "returned_wrong" => "bad",
        "paused" | "waiting" | "issued" | "planned" | "backordered" | "unknown" | "requested" | "queued" | "awaiting_return" => "wait",
        "met" | "delivered" | "returned" | "closed" | "sent" | "covered" | "received" | "confirmed" | "reserved" | "active" => "good",
        _ => "",
    }
}
