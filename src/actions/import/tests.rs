use super::*;
use crate::actions::Actor;
use crate::reference::Reference;
use crate::rules::term::Term;
use crate::store::{Db, appliances as appliance_rows, events, migrate, models, organizations as organization_rows};
use chrono::{TimeZone, Utc};
use std::path::Path;

struct Bench {
    db: Db,
    ctx: Context,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        migrate::up(&url).unwrap();
        let ctx = Context {
            actor: Actor::program("command:import"),
            now: Utc.with_ymd_and_hms(2026, 11, 24, 9, 0, 0).unwrap(),
            reference: Reference::embedded().unwrap(),
            request_id: None,
        };
        Self { db: Db::open(&url, 2).unwrap(), ctx, _folder: folder }
    }

    async fn end(&self, kind: ImportKind, text: &str, keep: bool) -> Result<ImportReport, ImportError> {
        let batch = read(&self.ctx, kind, text.as_bytes());
        let (ctx, done) = (self.ctx.clone(), AtomicU64::new(0));
        let work = move |conn: &mut Conn| import(conn, &ctx, &batch, &done);
        if keep { self.db.write(work).await } else { self.db.rehearse(work).await }
    }

    async fn import(&self, kind: ImportKind, text: &str) -> Result<ImportReport, ImportError> {
        self.end(kind, text, true).await
    }

    async fn faults(&self, kind: ImportKind, text: &str) -> Vec<(u64, Option<String>, &'static str)> {
        match self.import(kind, text).await.unwrap_err() {
            ImportError::Faults(faults) => faults.into_iter().map(|f| (f.line, f.column, f.code)).collect(),
            ImportError::Store(error) => panic!("{error}"),
        }
    }

    async fn sample(&self) -> Vec<ImportReport> {
        let mut reports = Vec::new();
        for kind in ImportKind::ALL.iter().copied() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/sample/{kind}.csv"));
            reports.push(self.import(kind, &std::fs::read_to_string(path).unwrap()).await.unwrap());
        }
        reports
    }

    async fn read<T: Send + 'static>(&self, body: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static) -> T {
        self.db.read(body).await.unwrap()
    }

    async fn organizations(&self) -> usize {
        self.read(|c| Ok(organization_rows::page(c, &Default::default(), None, 100)?.rows.len())).await
    }
}

const ORGANIZATIONS: &str = "code,name,region,country,language,contact_name,contact_email\n";

#[tokio::test]
async fn the_whole_sample_is_imported_and_importing_it_again_changes_nothing() {
    let bench = Bench::new();
    let first = bench.sample().await;
    assert!(first.iter().all(|r| r.added > 0 && r.changed + r.unchanged == 0), "{first:?}");
    let second = bench.sample().await;
    assert!(second.iter().zip(&first).all(|(b, a)| b.unchanged == a.added && b.added + b.changed == 0), "{second:?}");
}

#[tokio::test]
async fn faults_on_three_lines_are_told_together_and_nothing_is_written() {
    let bench = Bench::new();
    let rows = "GOOD,Good,europe,ES,es,Desk,desk@example.com\n\
                NOWHERE,Nowhere,europe,QQ,es,Desk,desk@example.com\n\
                WORD,Word,eurasia,ES,es,Desk,desk@example.com\n\
                MAIL,Mail,europe,ES,es,Desk,desk at example.com\n";
    let faults = bench.faults(ImportKind::Organizations, &format!("{ORGANIZATIONS}{rows}")).await;
    let column = |name: &str| Some(name.to_owned());
    // The first is known only to the rules of keeping, the others to the reader: one list all the same.
    assert_eq!(
        faults,
        [(3, column("country"), "unknown_country"), (4, column("region"), "unknown_word"), (5, column("contact_email"), "bad_email")]
    );
    assert_eq!(bench.organizations().await, 0);
}

#[tokio::test]
async fn a_rehearsal_tells_and_writes_nothing() {
    let bench = Bench::new();
    let text = format!("{ORGANIZATIONS}GOOD,Good,europe,ES,es,Desk,desk@example.com\n");
    assert_eq!(bench.end(ImportKind::Organizations, &text, false).await.unwrap(), ImportReport { added: 1, ..Default::default() });
    assert_eq!(bench.organizations().await, 0);
}

#[tokio::test]
async fn a_changed_row_changes_its_record_and_the_audit_says_so() {
    let bench = Bench::new();
    let text =
        |name: &str| format!("{ORGANIZATIONS}GOOD,{name},europe,ES,es,Desk,desk@example.com\nOTHER,Other,europe,ES,,D,d@example.com\n");
    bench.import(ImportKind::Organizations, &text("Old")).await.unwrap();
    let report = bench.import(ImportKind::Organizations, &text("New")).await.unwrap();
    assert_eq!(report, ImportReport { added: 0, changed: 1, unchanged: 1 });
    let told = bench.read(|c| Ok(events::page(c, "organization", "GOOD", None, 10)?.rows)).await;
    let told: Vec<_> = told.iter().map(|event| (event.action.as_str(), event.actor.as_str())).collect();
    assert_eq!(told, [("added", "command:import"), ("changed", "command:import")]);
}

#[tokio::test]
async fn what_a_row_refers_to_must_be_there_and_every_fault_has_its_column() {
    let bench = Bench::new();
    bench.sample().await;
    let text = "serial_number,organization,model,kind,site,contracts\n\
                X-1,HARBOR,LB-2400,physical,MESETA-MAD,C-1001|C-9999\n\
                X-2,NOBODY,NOTHING,physical,,\n\
                X-3,HARBOR,LB-2400,virtual,,C-1001\n";
    let faults = bench.faults(ImportKind::Appliances, text).await;
    let faults: Vec<_> = faults.iter().map(|(line, column, code)| (*line, column.as_deref().unwrap(), *code)).collect();
    let expected = [
        (2, "site", "unknown_site"),
        (2, "contracts", "unknown_contract"),
        (3, "organization", "unknown_organization"),
        (3, "model", "unknown_model"),
        (4, "contracts", "virtual_appliance"),
    ];
    assert_eq!(faults, expected);
    let found = bench.read(|c| appliance_rows::find(c, &crate::rules::text::SerialNumber::parse("X-3").unwrap())).await;
    assert!(found.is_none());
}

#[tokio::test]
async fn parts_bring_the_models_they_name() {
    let bench = Bench::new();
    let text = "part_number,description,fits_models\nP-1,Fan,M-2|M-1\nP-2,Disk,M-1\n";
    assert_eq!(bench.import(ImportKind::Parts, text).await.unwrap().added, 2);
    let codes = bench.read(|c| Ok(models::page(c, None, None, 10)?.map(|m| m.record.code.to_string()).rows)).await;
    assert_eq!(codes, ["M-1", "M-2"]);
    // The order in which a file lists them says nothing.
    assert_eq!(bench.import(ImportKind::Parts, &text.replace("M-2|M-1", "M-1|M-2")).await.unwrap().unchanged, 2);
}

#[tokio::test]
async fn faults_are_bounded() {
    let bench = Bench::new();
    let rows = |country: &str| (0..1_500).map(|n| format!("O-{n},Some,europe,{country},es,Desk,desk@example.com\n")).collect::<String>();
    for country in ["QQ", "Q"] {
        let faults = bench.faults(ImportKind::Organizations, &format!("{ORGANIZATIONS}{}", rows(country))).await;
        assert_eq!(faults.len(), MAX_FAULTS + 1);
        assert_eq!(faults.last().unwrap().2, "too_many_faults");
    }
}

#[tokio::test]
async fn no_file_is_too_broken_to_be_told() {
    let bench = Bench::new();
    for kind in ImportKind::ALL.iter().copied() {
        for text in ["", "\u{0}", "a,b\n1,2\n", "\"", "code\nX\n\"", "code,code\n,\n"] {
            assert!(!bench.faults(kind, text).await.is_empty(), "{kind} {text:?}");
        }
    }
}

#[tokio::test]
async fn whoever_watches_sees_the_rows_counted() {
    let bench = Bench::new();
    let text = format!("{ORGANIZATIONS}A,A,europe,ES,es,D,d@example.com\nB,B,europe,ES,es,D,d@example.com\n");
    let batch = read(&bench.ctx, ImportKind::Organizations, text.as_bytes());
    assert_eq!((batch.kind(), batch.len(), batch.is_empty()), (ImportKind::Organizations, 2, false));
    let (ctx, done) = (bench.ctx.clone(), Arc::new(AtomicU64::new(7)));
    let seen = Arc::clone(&done);
    bench.db.write(move |conn| import(conn, &ctx, &batch, &done)).await.unwrap();
    assert_eq!(seen.load(Ordering::Relaxed), 2);
}

#[test]
fn pointers_into_records_mean_columns() {
    assert_eq!(column_of::<sites::Row>("/address"), Some("address_1"));
    assert_eq!(column_of::<sites::Row>("/address/country"), Some("country"));
    assert_eq!(column_of::<service_centers::Row>("/couriers/0"), Some("couriers"));
    assert_eq!(column_of::<service_centers::Row>("/point"), Some("latitude"));
    assert_eq!(column_of::<sites::Row>(""), None);
}

#[test]
fn kinds_are_called_as_their_feeds_are() {
    let feeds = [
        organizations::Row::NAME,
        parts::Row::NAME,
        couriers::Row::NAME,
        service_centers::Row::NAME,
        sites::Row::NAME,
        contracts::Row::NAME,
        appliances::Row::NAME,
        stock_units::Row::NAME,
    ];
    assert!(ImportKind::ALL.iter().map(|kind| kind.as_str()).eq(feeds));
}
