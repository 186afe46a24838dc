//! What the templates see: every fact of a notice as finished, cleaned words in the reader's zone.
//!
//! Templates place words and choose sentences; whatever needs thinking (which clock runs, what is still owed) is here.

mod subject;

use super::letters::Sender;
use super::links::{Action, Entry, actions, entry};
use super::words;
use crate::print::papers::Papers;
use crate::rules::coverage::{METERS_PER_MILE, Verdict};
use crate::rules::deadline::{DeadlineKind, DeadlineState, WaitsFor};
use crate::rules::dock::DockOutcome;
use crate::rules::instruction::instructs;
use crate::rules::link::{Link, Purpose};
use crate::rules::notice::{CoverageChange, Notice, NoticeDeadline, NoticeKind, NoticeLine, Place, Reason, ScannedUnit};
use crate::rules::tier::Tier;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A label and what belongs to it; more than one line for addresses and notes.
pub(super) struct Fact {
    pub label: &'static str,
    pub values: Vec<String>,
}

/// One exchanged component.
pub(super) struct Part {
    /// `PSU-450, Power supply 450 W`.
    pub title: String,
    pub facts: Vec<Fact>,
    pub returned: bool,
}

/// Where the return stands.
pub(super) enum Return {
    /// The unit goes back now; by when, if that is known.
    Now(Option<String>),
    /// First something has to happen.
    After,
    /// Nothing is owed: everything is back.
    Nothing,
}

/// A notice in words.
pub(super) struct View {
    pub subject: String,
    pub greeting: String,
    pub vendor: String,
    pub vendor_phone: Option<String>,
    /// `RMA R10000017-3` or `Site HARBOR-HQ`.
    pub title: String,
    /// The same with the case.
    pub about: String,
    pub rma: String,
    pub case: String,
    pub organization: String,
    pub written_at: String,
    pub entitled: &'static str,
    pub delivered: &'static str,
    /// What the delivered tier means, as the end of "handled as Gold: …".
    pub handling: &'static str,
    pub is_advance: bool,
    /// True where a certificate of destruction takes the place of the return (P4.6).
    pub keeps_media: bool,
    /// What a letter that asks for the certificate begins with.
    pub certificate: String,
    /// The RMA whose replacement was dead on arrival, where this one replaces that (P4.6).
    pub replaces_dead: Option<String>,
    pub reasons: Vec<String>,
    pub parts: Vec<Part>,
    pub ships_from: Option<Vec<String>>,
    pub ship_to: Option<Vec<String>>,
    pub contact: Option<Vec<String>>,
    /// True while the courier's clock waits for the customer to name a contact, or for the contact's word (P4.2).
    pub wants_contact: bool,
    pub receiving_notes: Vec<String>,
    pub deadlines: Vec<Fact>,
    pub shipment: Vec<Fact>,
    pub carrier: String,
    pub return_state: Return,
    pub return_by: Option<String>,
    pub return_day: Option<String>,
    /// True where label and packing slip go with the letter.
    pub has_papers: bool,
    pub deliver_by: Vec<String>,
    pub remark: Option<String>,
    /// What was scanned at the dock, a sentence each.
    pub scanned: Vec<String>,
    /// What the courier can do by a link, in the order of the work.
    pub actions: Vec<Action>,
    /// By when the dispatch has to be accepted.
    pub accept_by: Option<String>,
    /// When the links end.
    pub links_until: Option<String>,
    /// True where the courier knows an earlier dispatch of this RMA.
    pub is_update: bool,
    /// Where to follow the courier's run.
    pub tracking: Option<String>,
    /// The link to sign in by.
    pub entry: Option<Entry>,
    /// True in a letter to a person about the account.
    pub is_personal: bool,
    /// What is new about Gold Plus at the site.
    pub coverage: Option<&'static str>,
    /// The nearest center and its distance.
    pub nearest: Option<String>,
    /// The appliances at the site that it is about.
    pub concerned: Option<String>,
    /// The day on which it comes to be.
    pub comes_on: Option<String>,
    /// True where a better position would settle it (P5.3).
    pub wants_position: bool,
}

impl View {
    /// Puts a notice into words.
    pub(super) fn of(notice: &Notice, sender: &Sender) -> Self {
        let (facts, zone) = (&notice.facts, notice.zone);
        let returning = running(&facts.deadlines, DeadlineKind::ReturnBy);
        let shipment = facts.shipment.as_ref();
        let mut view = Self {
            subject: String::new(),
            greeting: greeting(notice),
            vendor: words::line(&sender.mailbox.name),
            vendor_phone: sender.phone.as_deref().map(words::line),
            title: String::new(),
            about: String::new(),
            rma: facts.rma.map(|n| n.to_string()).unwrap_or_default(),
            case: facts.case.map(|n| n.to_string()).unwrap_or_default(),
            organization: words::line(&facts.organization),
            written_at: words::time(facts.written_at, zone),
            entitled: facts.entitled_tier.title(),
            delivered: facts.delivered_tier.title(),
            handling: handling(facts.delivered_tier, facts.keeps_media),
            is_advance: facts.delivered_tier.is_advance_exchange(),
            keeps_media: facts.keeps_media,
            certificate: String::new(),
            replaces_dead: facts.lines.iter().find_map(|l| l.replaces_dead).map(|rma| rma.to_string()),
            reasons: facts.reasons.iter().map(reason).collect(),
            parts: facts.lines.iter().map(|line| part(line, notice.kind.is_for_courier())).collect(),
            ships_from: facts.ships_from.as_ref().map(place),
            ship_to: facts.ship_to.as_ref().map(place),
            contact: facts.contact.as_ref().map(|c| vec![words::line(&c.name), words::line(&c.phone)]),
            wants_contact: facts.deadlines.iter().any(waits_for_contact),
            receiving_notes: facts.receiving_notes.as_deref().map(words::lines).unwrap_or_default(),
            deadlines: facts.deadlines.iter().filter_map(|d| deadline(d, zone, facts.keeps_media)).collect(),
            shipment: shipment_facts(notice),
            carrier: shipment.map_or_else(|| "our carrier".to_owned(), |s| words::line(&s.carrier)),
            return_state: return_state(notice, returning, zone),
            return_by: returning.map(|at| words::day_end_or_time(at, zone)),
            return_day: returning.map(|at| words::day(at, zone)),
            has_papers: instructs(notice.kind, facts.delivered_tier) && Papers::of(facts, zone, "").is_some(),
            deliver_by: deliver_by(&facts.deadlines, zone),
            remark: facts.remark.as_deref().map(words::line).filter(|r| !r.is_empty()),
            scanned: facts.scanned.iter().map(scanned).collect(),
            actions: facts.dispatch.as_ref().map(|d| actions(d, &sender.links)).unwrap_or_default(),
            accept_by: facts.dispatch.as_ref().and_then(|d| d.accept_by).map(|at| words::time(at, zone)),
            links_until: facts.dispatch.as_ref().map(|d| words::time(d.links_expire_at, zone)),
            is_update: facts.dispatch.as_ref().is_some_and(|d| d.sequence > 0),
            tracking: facts.tracking.and_then(|about| sender.links.url(Link { purpose: Purpose::Track, about })),
            entry: facts.sign_in.as_ref().and_then(|link| entry(link, &sender.links, zone)),
            is_personal: facts.sign_in.is_some(),
            coverage: facts.coverage.as_ref().map(coverage),
            nearest: facts.coverage.as_ref().and_then(nearest),
            concerned: facts.coverage.as_ref().and_then(concerned),
            comes_on: facts.coverage.as_ref().and_then(|c| c.comes_on).map(|day| day.format("%A, %B %-d, %Y").to_string()),
            wants_position: facts.coverage.as_ref().is_some_and(|c| matches!(c.now, Verdict::ConfirmPosition | Verdict::PositionUnknown)),
        };
        (view.title, view.about) = match &facts.coverage {
            Some(change) => (format!("Site {}", change.site), format!("Site {}", change.site)),
            None if notice.kind == NoticeKind::FourHourOffer => {
                let ends = view.remark.clone().unwrap_or_else(|| "Your contract ends".to_owned());
                (ends.clone(), ends)
            }
            None if view.is_personal => ("Your account".to_owned(), format!("Your account at {}", view.vendor)),
            None => (format!("RMA {}", view.rma), format!("RMA {}, case {}", view.rma, view.case)),
        };
        view.subject = view.subject_of(notice.kind);
        view.certificate = view.certificate_of(notice.kind);
        view
    }

    /// How many units are still to come back.
    pub(super) fn owed(&self) -> usize {
        self.parts.iter().filter(|p| !p.returned).count()
    }

    /// `unit` or `units`, as many as are owed.
    pub(super) fn units(&self) -> &'static str {
        if self.owed() == 1 { "unit" } else { "units" }
    }

    /// `it` or `them`, as many as are owed.
    pub(super) fn them(&self) -> &'static str {
        if self.owed() == 1 { "it" } else { "them" }
    }
}

/// What a unit that came back is, and what happens to it (P4.6). Whose another unit is stays with us.
fn scanned(unit: &ScannedUnit) -> String {
    let said = match unit.outcome {
        DockOutcome::ExpectedUnit | DockOutcome::AlreadyReceived => "the unit that we expected",
        DockOutcome::ReplacementReturned => {
            "this is the replacement that we sent you; we send it back to you, and still expect the defective unit"
        }
        DockOutcome::OtherUnitOfCustomer => "another appliance of yours; it stays under its contract, and we send it back to you",
        DockOutcome::UnitOfAnotherCustomer | DockOutcome::UnknownSerial => "not a unit of this RMA; we look into it",
        DockOutcome::PartsMissing => "arrived with parts missing; please send the rest of it",
        DockOutcome::DamagedInTransit => "arrived damaged; you owe nothing for that, we take it up with the carrier",
    };
    format!("{}: {said}.", unit.serial_number)
}

/// What is new about Gold Plus, in one sentence (P5.2, P5.3).
fn coverage(change: &CoverageChange) -> &'static str {
    match (change.now, change.was) {
        (Verdict::Eligible, _) => "Gold Plus reaches this site now.",
        (Verdict::ConfirmPosition | Verdict::PositionUnknown, Verdict::Eligible) => "Gold Plus can no longer be confirmed for this site.",
        (Verdict::ConfirmPosition | Verdict::PositionUnknown, _) => "Gold Plus may reach this site; we need its exact position.",
        (_, Verdict::Eligible) => "Gold Plus no longer reaches this site.",
        (_, _) => "Gold Plus does not reach this site.",
    }
}

fn nearest(change: &CoverageChange) -> Option<String> {
    let near = change.nearest.as_ref()?;
    // As many digits as keep the sentence from contradicting the verdict.
    let miles = near.meters / METERS_PER_MILE;
    let digits = if (miles - change.limit_miles).abs() < 0.05 { 3 } else { 1 };
    Some(format!("{}, {miles:.digits$} miles away; the limit is {} miles", near.center, change.limit_miles))
}

/// The appliances under Gold Plus at the site, as far as they fit into a sentence.
fn concerned(change: &CoverageChange) -> Option<String> {
    let named = change.appliances.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let more = change.appliances_total - i64::try_from(change.appliances.len()).unwrap_or_default();
    let and_more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!change.appliances.is_empty()).then(|| format!("{named}{and_more}"))
}

fn greeting(notice: &Notice) -> String {
    match notice.to.as_slice() {
        [one] if !words::line(&one.name).is_empty() => format!("Hello {},", words::line(&one.name)),
        _ => "Hello,".to_owned(),
    }
}

fn handling(tier: Tier, keeps_media: bool) -> &'static str {
    match tier {
        Tier::GoldPlus if keeps_media => "a courier brings the replacement, and you keep the defective unit and have it destroyed",
        _ if keeps_media => "we ship a replacement, and you keep the defective unit and have it destroyed",
        Tier::Bronze => "you send us the defective unit, and we ship a replacement",
        Tier::Silver | Tier::Gold => "we ship the replacement first, and you return the defective unit afterwards",
        Tier::GoldPlus => "a courier brings the replacement, and you return the defective unit afterwards",
    }
}

fn reason(reason: &Reason) -> String {
    let detail = words::line(&reason.detail);
    format!("{} (rule {}).", detail.trim_end_matches('.'), words::line(&reason.rule))
}

fn place(place: &Place) -> Vec<String> {
    let (name, code) = (words::line(&place.name), words::line(&place.code));
    let mut lines = vec![if code.is_empty() { name } else { format!("{name} ({code})") }];
    lines.extend(place.address.iter().map(|l| words::line(l)).filter(|l| !l.is_empty()));
    lines
}

/// A courier carries the replacement to an appliance; a customer knows the appliance and waits for the replacement.
fn part(line: &NoticeLine, for_courier: bool) -> Part {
    let fact = |label, value: String| Fact { label, values: vec![value] };
    let (unit, of) = match (line.replaces_dead, for_courier) {
        (Some(_), true) => ("In place of the dead unit", None),
        (Some(rma), false) => ("Serial number of the dead unit", Some(rma)),
        (None, true) => ("For appliance", None),
        (None, false) => ("Appliance serial number", None),
    };
    let (appliance, replacement) = (line.serial_number.to_string(), line.replacement_serial_number.as_ref().map(ToString::to_string));
    let mut facts = match (for_courier, replacement) {
        (true, Some(serial)) => vec![fact("Serial number", serial), fact(unit, appliance)],
        (true, None) => vec![fact("Serial number", "on the label, not known yet".into()), fact(unit, appliance)],
        (false, Some(serial)) => vec![fact(unit, appliance), fact("Replacement serial number", serial)],
        (false, None) => vec![fact(unit, appliance)],
    };
    facts.extend(of.map(|rma| fact("Dead on arrival", format!("sent by RMA {rma}; we never charge for it"))));
    let description = words::line(&line.part_description);
    let title = if description.is_empty() { line.part_number.to_string() } else { format!("{}, {description}", line.part_number) };
    Part { title, facts, returned: line.returned }
}

/// The instant of a deadline of this kind that is not void.
fn running(deadlines: &[NoticeDeadline], kind: DeadlineKind) -> Option<DateTime<Utc>> {
    deadlines.iter().find(|d| d.kind == kind && d.state != DeadlineState::Void).and_then(|d| d.due_at)
}

fn return_state(notice: &Notice, returning: Option<DateTime<Utc>>, zone: Tz) -> Return {
    let facts = &notice.facts;
    let waits = facts.deadlines.iter().any(|d| d.kind == DeadlineKind::ReturnBy && d.state == DeadlineState::Waiting);
    match returning {
        _ if facts.lines.iter().all(|l| l.returned) => Return::Nothing,
        Some(at) => Return::Now(Some(words::day_end_or_time(at, zone))),
        None if waits => Return::After,
        None if facts.delivered_tier.is_advance_exchange() && facts.shipment.as_ref().is_none_or(|s| s.delivered_at.is_none()) => {
            Return::After
        }
        None => Return::Now(None),
    }
}

/// A deadline as the customer reads it, `None` for one that is no longer wanted.
fn deadline(deadline: &NoticeDeadline, zone: Tz, keeps_media: bool) -> Option<Fact> {
    let label = match deadline.kind {
        DeadlineKind::ResponseBy => "First response by",
        DeadlineKind::UpdateBy => "Next update by",
        DeadlineKind::ShipBy => "Replacement ships by",
        DeadlineKind::DeliverBy => "Replacement at your door by",
        DeadlineKind::ReturnBy if keeps_media => "Certificate of destruction by",
        DeadlineKind::ReturnBy => "Defective unit back by",
        DeadlineKind::AcknowledgeBy => "Answer of a manager by",
        DeadlineKind::CloseBy => "Closed by",
    };
    let due = deadline.due_at.map(|at| match deadline.kind {
        DeadlineKind::DeliverBy => words::time(at, zone),
        _ => words::day_end_or_time(at, zone),
    });
    let value = match (deadline.state, due) {
        (DeadlineState::Void, _) => return None,
        (DeadlineState::Met, Some(due)) => format!("{due}: done in time"),
        (DeadlineState::Missed, Some(due)) => format!("{due}: missed"),
        (DeadlineState::Paused, _) => "on hold for now".to_owned(),
        (_, Some(due)) => due,
        (_, None) => waiting(&deadline.waits_for),
    };
    Some(Fact { label, values: vec![value] })
}

fn waits_for_contact(deadline: &NoticeDeadline) -> bool {
    deadline.state == DeadlineState::Waiting && deadline.waits_for.iter().any(|w| matches!(w, WaitsFor::Contact | WaitsFor::ContactAccepts))
}

fn waiting(waits_for: &[WaitsFor]) -> String {
    let phrases: Vec<String> = waits_for.iter().map(|w| w.phrase().to_owned()).collect();
    match phrases.is_empty() {
        true => "not known yet".to_owned(),
        false => format!("the clock waits for {}", words::list(&phrases)),
    }
}

/// The courier's instant: in the reader's zone and, where its wall clock differs, in the zone of the deadline.
fn deliver_by(deadlines: &[NoticeDeadline], zone: Tz) -> Vec<String> {
    let due = deadlines.iter().find(|d| d.kind == DeadlineKind::DeliverBy && d.state != DeadlineState::Void);
    let Some((at, there)) = due.and_then(|d| d.due_at.map(|at| (at, d.zone))) else { return Vec::new() };
    let mut said = vec![words::time(at, zone)];
    if !words::same_wall_clock(at, zone, there) {
        said.push(words::time(at, there));
    }
    said
}

fn shipment_facts(notice: &Notice) -> Vec<Fact> {
    let Some(shipment) = &notice.facts.shipment else { return Vec::new() };
    let time = |at: DateTime<Utc>| words::time(at, notice.zone);
    let all = [
        ("Carrier", Some(words::line(&shipment.carrier))),
        ("Tracking number", shipment.tracking_number.as_deref().map(words::line)),
        ("Shipped", shipment.shipped_at.map(time)),
        ("Delivered", shipment.delivered_at.map(time)),
        ("Received by", shipment.received_by.as_deref().map(words::line)),
    ];
    all.into_iter().filter_map(|(label, value)| Some(Fact { label, values: vec![value.filter(|v| !v.is_empty())?] })).collect()
}
