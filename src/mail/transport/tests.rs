use super::*;
use crate::mail::{message, samples};
use crate::rules::notice::NoticeKind;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};

fn letter() -> Message {
    message::compose(&samples::notice(NoticeKind::Shipped), &samples::sender(), samples::at("2026-11-24T15:31:07Z")).unwrap()
}

fn smtp(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port,
        tls: TlsMode::None,
        extra_root_ca: None,
        credentials: None,
        hello_name: Some("client.example".into()),
        timeout_seconds: 2,
        pool_size: 1,
    }
}

/// A server of one connection that answers the n-th thing it reads with the n-th line.
fn scripted(answers: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 65_536];
        for answer in answers {
            if stream.write_all(answer.as_bytes()).is_err() || stream.read(&mut buffer).is_err() {
                return;
            }
        }
        // Whatever comes after the last answer is a farewell, unless the script ends in silence.
        match answers.last() {
            Some(&"") => std::thread::sleep(Duration::from_secs(3)),
            _ => drop(stream.write_all(b"221 bye\r\n")),
        }
    });
    port
}

async fn fault(port: u16, settings: impl FnOnce(&mut SmtpSettings)) -> SendError {
    let mut smtp = smtp(port);
    settings(&mut smtp);
    Transport::open(&Settings::Smtp(smtp)).unwrap().send(&letter(), "k").await.unwrap_err()
}

#[test]
fn file_names_come_from_keys_and_stay_in_the_folder() {
    assert_eq!(file_name("rma/R10000017/issued"), "rma-R10000017-issued.eml");
    for key in ["", ".", "..", "../../etc/passwd", "a\0b", "a\\b", "é", &"k".repeat(400), ".hidden"] {
        let name = file_name(key);
        assert!(name.len() <= 130 && !name.starts_with('.') && !name.contains(['/', '\\', '\0']), "{name}");
    }
    assert_ne!(file_name("a b"), file_name("a?b"));
    assert_ne!(file_name(&"k".repeat(400)), file_name(&"k".repeat(401)));
}

#[tokio::test]
async fn a_folder_gets_one_whole_file_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("new/mail");
    let transport = Transport::open(&Settings::Folder(inside.clone())).unwrap();
    for _ in 0..2 {
        let sent = transport.send(&letter(), "rma/R10000017/shipped").await.unwrap();
        assert_eq!(sent, Sent::Written(inside.join("rma-R10000017-shipped.eml")));
    }
    let files: Vec<_> = std::fs::read_dir(&inside).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(files, ["rma-R10000017-shipped.eml"]);
    assert_eq!(std::fs::read(inside.join(&files[0])).unwrap(), letter().formatted());
}

#[tokio::test]
async fn a_folder_that_is_gone_is_for_now() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("mail");
    let transport = Transport::open(&Settings::Folder(inside.clone())).unwrap();
    std::fs::remove_dir(&inside).unwrap();
    let error = transport.send(&letter(), "k").await.unwrap_err();
    assert_eq!(error, SendError::Transient { cause: Cause::Folder(std::io::ErrorKind::NotFound) });
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(Transport::open(&Settings::Folder(file)), Err(SetupError::Folder { .. })));
}

#[tokio::test]
async fn memory_keeps_letters_and_fails_on_order() {
    let memory = Memory::default();
    let transport = Transport::Memory(memory.clone());
    memory.fail_next(SendError::Permanent { status: 550 });
    assert!(!transport.send(&letter(), "k").await.unwrap_err().is_transient());
    assert_eq!(transport.send(&letter(), "k").await, Ok(Sent::Kept));
    let letters = memory.letters();
    assert_eq!((letters.len(), letters[0].key.as_str(), letters[0].to.as_slice()), (1, "k", &["noc@customer.example".to_owned()][..]));
    assert_eq!(letters[0].bytes, letter().formatted());
}

#[tokio::test]
async fn answers_of_the_server_are_told_apart() {
    let ehlo = "250-mail.example\r\n250 8BITMIME\r\n";
    let cases: [(&'static [&'static str], SendError); 3] = [
        (
            &["220 hi\r\n", "250 mail.example\r\n", "250 ok\r\n", "550 no such user noc@customer.example\r\n"],
            SendError::Permanent { status: 550 },
        ),
        (&["220 hi\r\n", "250 mail.example\r\n", "250 ok\r\n", "451 greylisted\r\n"], SendError::Transient { cause: Cause::Busy(451) }),
        (&["220 hi\r\n", "250 mail.example\r\n", "530 authenticate first\r\n"], SendError::Transient { cause: Cause::Login(530) }),
    ];
    for (answers, expected) in cases {
        let error = fault(scripted(answers), |_| {}).await;
        assert_eq!(error, expected);
        assert!(!error.to_string().contains('@') && !format!("{error:?}").contains('@'), "{error}");
    }
    // STARTTLS is demanded, the server has none: nothing is said in the clear.
    let error = fault(scripted(Box::leak(Box::new(["220 hi\r\n", ehlo]))), |s| s.tls = TlsMode::StartTls).await;
    assert_eq!(error, SendError::Transient { cause: Cause::Protocol });
}

#[tokio::test]
async fn a_silent_or_absent_server_is_for_now() {
    let error = fault(scripted(&["220 hi\r\n", ""]), |s| s.timeout_seconds = 1).await;
    assert_eq!(error, SendError::Transient { cause: Cause::Timeout });
    assert_eq!(fault(1, |_| {}).await, SendError::Transient { cause: Cause::Unreachable });
    assert!(matches!(fault(scripted(&["nonsense\r\n"]), |_| {}).await, SendError::Transient { .. }));
}

/// Serves any number of connections; gives the most that were open at once.
fn counting_server() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, most, open) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, most, open) = (stream.unwrap(), most.clone(), open.clone());
            std::thread::spawn(move || {
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let mut in_data = false;
                stream.write_all(b"220 hi\r\n").unwrap();
                while let Some(Ok(line)) = lines.next() {
                    let answer: &[u8] = match (in_data, line.as_str()) {
                        (true, ".") => b"250 taken\r\n",
                        (true, _) => continue,
                        (false, "DATA") => b"354 go on\r\n",
                        (false, _) => b"250 ok\r\n",
                    };
                    in_data = line == "DATA";
                    if stream.write_all(answer).is_err() {
                        break;
                    }
                }
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    (port, seen)
}

#[tokio::test]
async fn no_more_connections_are_open_than_the_settings_say() {
    let (port, most) = counting_server();
    let transport = Transport::open(&Settings::Smtp(SmtpSettings { pool_size: 3, timeout_seconds: 10, ..smtp(port) })).unwrap();
    let sends = (0..30).map(|_| {
        let transport = transport.clone();
        tokio::spawn(async move { transport.send(&letter(), "k").await })
    });
    for send in sends.collect::<Vec<_>>() {
        assert_eq!(send.await.unwrap(), Ok(Sent::Accepted));
    }
    assert!((1..=3).contains(&most.load(Ordering::SeqCst)), "{most:?}");
}

#[test]
fn settings_that_cannot_work_are_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let open = |tls| {
        let settings = SmtpSettings { tls, extra_root_ca: Some(path.clone()), ..smtp(25) };
        Transport::open(&Settings::Smtp(settings)).map(|_| ())
    };
    assert!(matches!(open(TlsMode::StartTls), Err(SetupError::RootCaUnreadable { .. })));
    for content in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&path, content).unwrap();
        assert!(matches!(open(TlsMode::Tls), Err(SetupError::RootCaUnusable { .. } | SetupError::Tls { .. })), "{content}");
    }
}

#[test]
fn settings_hide_their_password() {
    let settings = SmtpSettings { credentials: Some(("user".into(), "secret".into())), ..smtp(25) };
    let shown = format!("{settings:?}");
    assert!(!shown.contains("secret") && !shown.contains("user"), "{shown}");
}
