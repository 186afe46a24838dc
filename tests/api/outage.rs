//! A mail server that is away for an hour: nothing is lost, tried to death or sent twice, and what is urgent leaves first.

use crate::app::{TestApp, on_both_engines};
use crate::smtp::{notice, settings, variable};
use chrono::TimeDelta;
use mail_parser::MessageParser;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use swapline::jobs::post::post;
use swapline::jobs::{Desk, Pace};
use swapline::mail::transport::{Settings, SmtpSettings, Transport};
use swapline::rules::notice::{NoticeKind, Urgency};
use swapline::store::outbox::{self, LetterRow, LetterState};
use tokio::net::{TcpListener, TcpStream};

/// A delivered letter: the identifier that the server gave it, which grows with the time, and how often it lies there.
type Delivered = HashMap<String, (String, usize)>;

/// What lies in the server's folder, by Message-ID.
fn delivered() -> Delivered {
    let mut found = Delivered::new();
    for entry in std::fs::read_dir(variable("SWAPLINE_TEST_MAILDIR")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        let received = message.header_raw("Received").unwrap();
        let words: Vec<&str> = received.split_whitespace().collect();
        let id = words.iter().position(|word| *word == "id").map(|at| words[at + 1]).unwrap();
        // Time, process, part of the second.
        let parts: Vec<&str> = id.trim_matches(';').split('-').collect();
        let seen = found.entry(message.message_id().unwrap().to_owned()).or_insert((format!("{} {}", parts[0], parts[2]), 0));
        seen.1 += 1;
    }
    found
}

async fn letters(app: &TestApp) -> Vec<LetterRow> {
    let page = app.desk.db.read(|conn| outbox::page(conn, &outbox::Filter::default(), None, 200)).await.unwrap();
    page.rows.into_iter().map(|(row, _)| row).collect()
}

/// Passes what arrives at a port on to the mail server, and counts the connections that are made.
fn forward(listener: TcpListener) {
    let server = format!("127.0.0.1:{}", variable("SWAPLINE_TEST_SMTP_PORT"));
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let server = server.clone();
            tokio::spawn(async move {
                let mut far = TcpStream::connect(server).await.unwrap();
                let _ended = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
}

on_both_engines!(p4_6_after_an_hour_without_a_mail_server_everything_is_sent_once_dispatches_first, |app| {
    const LETTERS: usize = 45;
    // A port that is free, and stays it while the server is away.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let transport = Transport::open(&Settings::Smtp(SmtpSettings { port, ..settings() })).unwrap();
    let desk = Desk { transport, pace: Pace { at_once: 1, ..app.desk.pace }, ..app.desk.clone() };
    // The least urgent ones are promised first, one a minute; keys that no other test has.
    let series = uuid::Uuid::new_v4();
    let kinds = [NoticeKind::Closed, NoticeKind::ReturnOverdue, NoticeKind::CourierDispatch];
    for n in 0..60 {
        if n < LETTERS {
            let mut letter = notice(kinds[n * kinds.len() / LETTERS], &format!("outage/{series}/{n}"), "desk@customer.example");
            letter.facts.written_at = app.desk.clock.now();
            let promised = app.desk.db.write(move |conn| outbox::promise(conn, &letter, None, None)).await;
            assert!(promised.unwrap());
        }
        // A round tries the server once, not with every letter.
        assert_eq!(post(&desk).await.unwrap(), 1, "minute {n}");
        app.pass(TimeDelta::minutes(1));
    }
    let waiting = letters(&app).await;
    assert_eq!(waiting.len(), LETTERS);
    assert!(waiting.iter().all(|row| row.state.0 == LetterState::Queued && row.attempts == 0), "an outage costs no letter a try");
    assert!(waiting.iter().any(|row| row.last_error.as_deref() == Some("not sent for now: the mail server can't be reached")));

    // The server is there again.
    forward(TcpListener::bind(("127.0.0.1", port)).await.unwrap());
    let mut tried = 0;
    while tried < LETTERS {
        let now = post(&desk).await.unwrap();
        assert!(now > 0, "{tried}");
        tried += now;
    }
    assert_eq!((tried, post(&desk).await.unwrap()), (LETTERS, 0));
    let sent = letters(&app).await;
    assert!(sent.iter().all(|row| row.state.0 == LetterState::Sent && row.attempts == 1 && row.last_error.is_none()));

    let id = |row: &LetterRow| row.message_id.clone().unwrap().trim().trim_matches(['<', '>']).to_owned();
    let until = Instant::now() + Duration::from_secs(20);
    let arrived = loop {
        let found = tokio::task::spawn_blocking(delivered).await.unwrap();
        if sent.iter().all(|row| found.contains_key(&id(row))) {
            break found;
        }
        assert!(Instant::now() < until, "not everything arrived");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let mut order: Vec<(String, i16)> = sent.iter().map(|row| (arrived[&id(row)].0.clone(), row.urgency)).collect();
    assert!(sent.iter().all(|row| arrived[&id(row)].1 == 1), "each exactly once");
    order.sort();
    assert!(order.is_sorted_by_key(|(_, urgency)| *urgency), "{order:?}");
    assert_eq!((order[0].1, order[LETTERS - 1].1), (Urgency::Dispatch.rank(), Urgency::Rest.rank()));
});

on_both_engines!(p4_6_a_letter_that_breaks_the_talk_holds_up_no_other, |app| {
    use swapline::mail::transport::{Cause, SendError};
    let desk = Desk { pace: Pace { at_once: 1, ..app.desk.pace }, ..app.desk.clone() };
    for n in 0..3 {
        let mut letter = notice(NoticeKind::Closed, &format!("broken/{n}"), "desk@customer.example");
        letter.facts.written_at = app.desk.clock.now() + TimeDelta::seconds(n);
        app.desk.db.write(move |conn| outbox::promise(conn, &letter, None, None)).await.unwrap();
    }
    app.pass(TimeDelta::seconds(5));
    app.memory.fail_next(SendError::Transient { cause: Cause::Broken });
    assert_eq!(post(&desk).await.unwrap(), 1, "the round ends");
    assert_eq!(post(&desk).await.unwrap(), 2, "the others go");
    app.pass(TimeDelta::seconds(30));
    assert_eq!(post(&desk).await.unwrap(), 1);
    let keys: Vec<String> = app.memory.letters().into_iter().map(|letter| letter.key).collect();
    assert_eq!(keys, ["broken/1", "broken/2", "broken/0"]);
});
