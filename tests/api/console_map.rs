//! The map: who sees it, what is asked of it, how much it answers, and a real browser that pans, zooms, clicks, and tries a center.

use crate::app::{Engine, TestApp, on_both_engines};
use crate::browser::{Browser as Window, Open, Size};
use crate::people::{Browser, PASSWORD, customer, invite};
use crate::world;
use diesel::connection::SimpleConnection;
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use swapline::rules::role::Role;
use swapline::store::{Conn, Id, StoreError};

async fn staff<'a>(app: &'a TestApp, role: Role) -> Browser<'a> {
    let (_, link) = invite(app, &format!("{role}@vendor.example"), role, None, false).await;
    let mut browser = Browser::new(app);
    browser.follow(&link, &[("password", PASSWORD)]).await;
    browser.enroll().await;
    browser
}

/// Asks as the script does.
async fn script(app: &TestApp, browser: &Browser<'_>, path: &str) -> crate::app::Answer {
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    app.bare(Method::GET, path).header("cookie", &cookies.join("; ")).header("accept", "application/json").send().await
}

const FLORIDA: &str = "/c/map/sites?west=-84&south=23&east=-79&north=28&zoom=7";

on_both_engines!(the_map_shows_centers_with_their_reach_and_sites_by_verdict_to_staff, |app| {
    world::fill(&app).await;
    app.run_jobs().await;
    let mut desk = staff(&app, Role::Operations).await;
    let page = desk.get("/c/map?country=US").await;
    assert_eq!(page.status, 200, "{}", page.text);
    for wanted in [
        "/c/service-centers/SC-FLL",
        "class=\"reach\"",
        "/c/sites/KEY-WEST",
        "Site KEY-WEST: out of range",
        "class=\"mark eligible\"",
        "id=\"plan\"",
    ] {
        assert!(page.text.contains(wanted), "{wanted}: {}", page.text);
    }
    assert!(page.bytes.len() < 40_000, "{} bytes", page.bytes.len());
    assert!(!page.text.contains(" style=") && !page.text.contains("<style"), "nothing is styled in its place");
    // Links move it where no script does, and zoom out of a place to all of the world.
    for path in ["/c/map", "/c/map?country=FJ", "/c/map?latitude=-89.9&longitude=180&zoom=12", "/c/map?latitude=25&longitude=-80&zoom=0"] {
        let page = desk.get(path).await;
        assert!(page.status == 200 && page.text.contains("Zoom out") && !page.text.contains("NaN"), "{path}: {}", page.text);
    }
    let scene = script(&app, &desk, FLORIDA).await.expect(200);
    let sites: Vec<(&str, &str)> =
        scene["sites"].as_array().unwrap().iter().map(|s| (s["code"].as_str().unwrap(), s["verdict"].as_str().unwrap())).collect();
    assert!(sites.contains(&("KEY-WEST", "out_of_range")) && sites.iter().any(|(_, verdict)| *verdict == "eligible"), "{sites:?}");
    let far = scene["sites"].as_array().unwrap().iter().find(|site| site["code"] == "KEY-WEST").unwrap();
    let check = app.get("/api/v1/sites/KEY-WEST/certificates").await.expect(200);
    let told = check["items"][0]["distance_miles"].as_f64().unwrap();
    assert!((far["distance_miles"].as_f64().unwrap() - told).abs() <= 0.05, "{far} {check}");
    assert!(far["margin_miles"].as_f64().unwrap() < 0.0 && far["service_center"] == "SC-FLL");
    assert_eq!(scene["centers"][0]["radius_miles"], 70.0);
    let planned = script(&app, &desk, "/c/map/place?latitude=24.6&longitude=-81.7").await.expect(200);
    assert_eq!((&planned["country"], &planned["radius_miles"]), (&json!("US"), &json!(70.0)));
    assert_eq!(script(&app, &desk, "/c/map/place?latitude=0&longitude=-140").await.expect(200)["country"], Value::Null);

    let support = staff(&app, Role::Support).await;
    assert_eq!(script(&app, &support, "/c/map").await.status, 200);
    script(&app, &support, FLORIDA).await.expect(200);
    script(&app, &support, "/c/map/place?latitude=24&longitude=-81").await.problem(403, "forbidden");
    let (outsider, _) = customer(&app, "noc@acme.example", "ACME", true).await;
    for path in ["/c/map", FLORIDA, "/c/map/place?latitude=24&longitude=-81"] {
        script(&app, &outsider, path).await.problem(403, "forbidden");
        assert_eq!(app.bare(Method::GET, path).send().await.status, 303, "{path}: to the sign-in");
    }
});

on_both_engines!(what_the_map_cannot_make_sense_of_is_a_clear_problem, |app| {
    world::fill(&app).await;
    let mut desk = staff(&app, Role::Operations).await;
    for (path, code) in [
        ("/c/map?country=XX", "unknown_country"),
        ("/c/map?country=%00", "bad_country"),
        ("/c/map?latitude=91&longitude=0&zoom=3", "bad_latitude"),
        ("/c/map?latitude=NaN&longitude=0&zoom=3", "not_a_number"),
        ("/c/map?latitude=1&zoom=3", "not_a_number"),
        ("/c/map?latitude=1&longitude=1e999&zoom=3", "not_a_number"),
        ("/c/map?latitude=1&longitude=1&zoom=13", "bad_zoom"),
        ("/c/map?latitude=1&longitude=1&zoom=-1", "bad_zoom"),
        ("/c/map/sites", "not_a_number"),
        ("/c/map/sites?west=0&south=2&east=1&north=1&zoom=3", "bad_box"),
        ("/c/map/sites?west=-181&south=0&east=1&north=1&zoom=3", "bad_longitude"),
        ("/c/map/sites?west=-180&south=-85&east=180&north=85&zoom=12", "box_too_large"),
        ("/c/map/sites?west=%27;DROP&south=0&east=1&north=1&zoom=3", "not_a_number"),
        ("/c/map/place?latitude=&longitude=", "not_a_number"),
        ("/c/map/place?latitude=1&longitude=1&country=ZZZ", "bad_country"),
    ] {
        let answer = script(&app, &desk, path).await;
        assert!(answer.status == 400 && answer.faults().iter().any(|(_, own)| own == code), "{path}: {} {}", answer.status, answer.text);
        let page = desk.get(path).await;
        assert!(page.status == 400 && page.text.contains("be shown</h1>") && page.text.contains("<html"), "{path}: {}", page.text);
    }
    assert_eq!(desk.get("/c/map?latitude=1&latitude=2&longitude=3&zoom=4&x=%27%22%3Cscript%3E").await.status, 200);
});

async fn execute(app: &TestApp, sql: String) {
    let run = move |conn: &mut Conn| {
        match conn {
            Conn::Pg(conn) => conn.batch_execute(&sql),
            Conn::Sqlite(conn) => conn.batch_execute(&sql),
        }
        .unwrap();
        Ok::<_, StoreError>(())
    };
    app.desk.db.write(run).await.unwrap();
}

/// Copies the site in Key West and its certificate over a part of the earth.
async fn many(app: &TestApp, count: u32) {
    const SITE: &str = "name, address, city, region, postal_code, country, subdivision, grade, radius_meters, zone, contact_name, \
        contact_phone, receiving_notes, version, created_at, updated_at, certify_at, position_confirmed, located_by";
    const CERTIFICATE: &str = "certified_at, verdict, nearest, distance_meters, limit_miles, margin_miles, closeness_miles, reach_meters, method, grade, \
        radius_meters, program_version, considered, reasons, cause, replaced_at, located_by, question_beyond_km, territories_count, position_confirmed";
    let mut sql = String::new();
    for n in 0..count {
        let (id, own) = (Id::new(), Id::new());
        let (north, east) = (f64::from(n % 97) * 0.1 + 30.0, f64::from(n / 97) * 0.1 - 100.0);
        write!(
            sql,
            "INSERT INTO sites (id, code, organization_id, latitude, longitude, {SITE}) SELECT '{id}', 'S-{n:06}', organization_id, {north}, {east}, {SITE} \
             FROM sites WHERE code = 'KEY-WEST'; INSERT INTO coverage_certificates (id, site_id, latitude, longitude, {CERTIFICATE}) SELECT '{own}', '{id}', \
             {north}, {east}, {CERTIFICATE} FROM coverage_certificates WHERE replaced_at IS NULL AND site_id = (SELECT id FROM sites WHERE code = 'KEY-WEST');"
        )
        .unwrap();
    }
    execute(app, sql).await;
}

on_both_engines!(many_sites_are_counted_by_cells_and_none_is_lost, |app| {
    world::fill(&app).await;
    app.run_jobs().await;
    many(&app, 1_500).await;
    let mut desk = staff(&app, Role::Operations).await;
    for zoom in [2, 5, 7] {
        let path = format!("/c/map/sites?west=-101&south=29&east=-83&north=41&zoom={zoom}");
        let scene = script(&app, &desk, &path).await.expect(200);
        let cells = scene["cells"].as_array().unwrap();
        let sum: i64 = cells.iter().map(|cell| cell["sites"].as_i64().unwrap()).sum();
        assert_eq!((sum, &scene["totals"]["out_of_range"], scene["sites"].as_array().unwrap().len()), (1_500, &json!(1_500), 0), "{zoom}");
        assert!(cells.len() <= 3 * 3 * 4_usize.pow(zoom.min(7)) && cells.len() < 1_000, "{zoom}: {} cells", cells.len());
        for cell in cells {
            let (north, east) = (cell["latitude"].as_f64().unwrap(), cell["longitude"].as_f64().unwrap());
            assert!((30.0..=39.6).contains(&north) && (-100.0..=-84.4).contains(&east), "{cell}");
        }
    }
    let few = script(&app, &desk, "/c/map/sites?west=-100.05&south=29&east=-99.95&north=41&zoom=11").await.expect(200);
    assert_eq!((few["sites"].as_array().unwrap().len(), few["cells"].as_array().unwrap().len()), (97, 0), "one by one where they are few");
    // Both sides of the 180th meridian are one part of the earth.
    let sql = "UPDATE coverage_certificates SET latitude = -17, longitude = 179.9 WHERE site_id = (SELECT id FROM sites WHERE code = 'S-000000');\
               UPDATE coverage_certificates SET latitude = -17, longitude = -179.9 WHERE site_id = (SELECT id FROM sites WHERE code = 'S-000001');";
    execute(&app, sql.to_owned()).await;
    let fiji = script(&app, &desk, "/c/map/sites?west=175&south=-20&east=-175&north=-15&zoom=6").await.expect(200);
    assert_eq!(fiji["sites"].as_array().unwrap().len(), 2, "{fiji}");
    let page = desk.get("/c/map?latitude=35&longitude=-92&zoom=5").await;
    assert!(page.text.contains("class=\"many\"") && page.bytes.len() < 80_000, "{} bytes", page.bytes.len());
});

/// What a page and all that it loads weigh on the way.
async fn weight(app: &TestApp, desk: &mut Browser<'_>, path: &str) -> usize {
    let page = desk.get(path).await;
    let mut files: Vec<&str> =
        page.text.split('"').filter(|text| text.starts_with("/assets/")).map(|text| text.split('#').next().unwrap()).collect();
    files.sort_unstable();
    files.dedup();
    let mut sum = page.bytes.len();
    for file in files {
        let answer = app.bare(Method::GET, file).header("accept-encoding", "gzip").send().await;
        assert!(answer.status == 200 && answer.header("cache-control").unwrap().contains("immutable"), "{file}");
        sum += answer.bytes.len();
    }
    sum
}

on_both_engines!(the_map_weighs_less_than_a_hundred_kilobytes, |app| {
    world::fill(&app).await;
    app.run_jobs().await;
    let mut desk = staff(&app, Role::Operations).await;
    let sum = weight(&app, &mut desk, "/c/map?country=US").await;
    assert!(sum < 100_000, "{sum} bytes");
    let land = crate::people::between(&desk.page, "href=\"/assets/land-", "#").to_owned();
    let plain = app.bare(Method::GET, &format!("/assets/land-{land}")).send().await;
    assert!(plain.status == 200 && plain.text.starts_with("<svg") && plain.header("content-encoding").is_none());
    let packed = app.bare(Method::GET, &format!("/assets/land-{land}")).header("accept-encoding", "br, gzip;q=0.5").send().await;
    assert_eq!((packed.header("content-encoding"), &packed.bytes[..2]), (Some("gzip"), &[0x1f_u8, 0x8b][..]));
    let refused = app.bare(Method::GET, &format!("/assets/land-{land}")).header("accept-encoding", "gzip;q=0").send().await;
    assert!(refused.text.starts_with("<svg"));
    app.bare(Method::GET, "/assets/land-0123456789abcdef.svg").send().await.problem(404, "not_found");
});

async fn opened(app: &TestApp, desk: &Browser<'_>, open: Open, path: &str) -> Window {
    let window = open.start().await;
    window.let_in(app, &desk.cookies).await;
    window.open(app, path).await;
    window.wait_for("document.getElementById('frame')?.dataset.state", json!("shown")).await;
    window
}

on_both_engines!(a_browser_pans_zooms_reads_a_certificate_and_tries_a_center, |app| {
    world::fill(&app).await;
    app.run_jobs().await;
    let desk = staff(&app, Role::Operations).await;
    let window = opened(&app, &desk, Open::new(Size::Laptop), "/c/map?country=US").await;
    let shown = "document.getElementById('frame').dataset.state";
    window.shot("map-laptop").await;
    // Land is there, and the circle of the center: both have an extent on the screen.
    let drawn = "['.land', '.reach'].every(css => { const r = document.querySelector(css).getBoundingClientRect(); return r.width > 40 && r.height > 40; })";
    window.wait_for(drawn, json!(true)).await;
    // A drag moves what is under it by as much.
    let place = "(() => { const r = document.querySelector('.mark.center').getBoundingClientRect(), f = document.getElementById('frame').getBoundingClientRect(); return [r.x - f.x, r.y - f.y]; })()";
    let before = window.evaluate(place).await;
    window.draw("#map", &[(-150.0, 120.0), (-100.0, 100.0), (-50.0, 60.0)]).await;
    let after = window.evaluate(place).await;
    let moved = (after[0].as_f64().unwrap() - before[0].as_f64().unwrap(), after[1].as_f64().unwrap() - before[1].as_f64().unwrap());
    assert!((moved.0 - 100.0).abs() < 2.0 && (moved.1 + 60.0).abs() < 2.0, "moved by {moved:?}");
    // The button zooms, the keys move, and the address follows.
    let zoom = "new URLSearchParams(location.search).get('zoom')";
    window.wait_for(shown, json!("shown")).await;
    let (close, address) = (window.evaluate(zoom).await, window.evaluate("location.search").await);
    window.click("[data-turn=out]").await;
    window.wait_for(&format!("Number({zoom}) === {} - 1", close.as_str().unwrap()), json!(true)).await;
    window.evaluate("document.getElementById('map').focus()").await;
    window.keys("+").await;
    window.wait_for(zoom, close).await;
    window.evaluate("document.getElementById('map').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true, cancelable: true}))").await;
    window.wait_for(&format!("location.search !== {address}"), json!(true)).await;
    window.wait_for(shown, json!("shown")).await;
    // A site tells its certificate.
    window.click(".mark.out_of_range").await;
    window.wait_for_text("#card", "KEY-WEST").await;
    for told in ["out of range", "SC-FLL", "Distance", "Margin", "-"] {
        assert!(window.text("#card").await.contains(told), "{told}: {}", window.text("#card").await);
    }
    // A center in the Keys wins the contract of Key West.
    window.type_into("#latitude", "24.6").await;
    window.type_into("#longitude", "-81.5").await;
    window.type_into("#plan-country", "us").await;
    window.click("#plan-form > button:last-of-type").await;
    window.wait_for_text("#plan-said", "Contracts gained").await;
    let gained = window.evaluate("document.querySelector('.sums .good dd')?.innerText").await;
    assert_eq!(gained, json!("1"), "{}", window.text("#plan-said").await);
    assert_eq!(window.evaluate("document.querySelectorAll('.mark.gains').length").await, json!(1));
    window.wait_for("document.querySelectorAll('.reach.planned').length", json!(1)).await;
    window
        .wait_for(
            "document.querySelector('.land').getAttribute('href').includes(document.getElementById('frame').dataset.finer)",
            json!(true),
        )
        .await;
    window.shot("map-what-if").await;
    // Dragged to the north it wins nothing.
    window.wait_for(shown, json!("shown")).await;
    window.draw(".pin path", &[(0.0, 0.0), (0.0, -20.0), (20.0, -260.0)]).await;
    window.wait_for("document.querySelectorAll('.sums .good').length", json!(0)).await;
    assert!(window.evaluate("Number(document.getElementById('latitude').value)").await.as_f64().unwrap() > 25.5);
    window.click("#plan-here").await;
    window.wait_for("document.querySelectorAll('.pin').length", json!(1)).await;
    window.fits().await;
    window.complains_about_nothing().await;
    window.close().await;
});

/// Pictures at every size, in the dark, and without a script; nothing is wider than the window, and nothing is complained about.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_map_looks_right_at_every_size() {
    let app = TestApp::start(Engine::Sqlite).await;
    world::fill(&app).await;
    app.run_jobs().await;
    many(&app, 1_200).await;
    let desk = staff(&app, Role::Operations).await;
    for (size, name) in [(Size::Phone, "phone"), (Size::Wide, "wide")] {
        for (path, what) in [
            ("/c/map?latitude=33&longitude=-90&zoom=5", "many"),
            ("/c/map?country=US", "us"),
            ("/c/map?latitude=-17&longitude=179&zoom=2", "world"),
        ] {
            let window = opened(&app, &desk, Open::new(size), path).await;
            window.fits().await;
            window.shot(&format!("map-{name}-{what}")).await;
            window.complains_about_nothing().await;
            window.close().await;
        }
    }
    let window = opened(&app, &desk, Open::new(Size::Laptop).dark(), "/c/map?latitude=33&longitude=-90&zoom=5").await;
    window.shot("map-dark").await;
    if std::env::var("SWAPLINE_TEST_AXE").is_ok() {
        assert_eq!(window.barriers().await, Vec::<String>::new());
    }
    window.close().await;
    let window = Open::new(Size::Laptop).without_script().start().await;
    window.let_in(&app, &desk.cookies).await;
    window.open(&app, "/c/map?country=US").await;
    window.shot("map-plain").await;
    window.click("[data-turn=out]").await;
    window.wait_for("location.search.includes('zoom=')", json!(true)).await;
    window.fits().await;
    window.close().await;
}
