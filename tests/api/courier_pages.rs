//! The courier's pages in a real browser, at the size of a phone: with everything that their script adds, and without any.

use crate::app::{TestApp, on_both_engines};
use crate::browser::{Browser, Open, Size};
use crate::couriers::dispatched;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// What a stroke of the finger goes through, from the middle of the field.
const STROKES: [&[(f64, f64)]; 2] = [
    &[(-120.0, 20.0), (-100.0, -40.0), (-80.0, 30.0), (-60.0, -20.0), (-40.0, 25.0), (-10.0, -10.0), (30.0, 20.0), (110.0, -25.0)],
    &[(-60.0, 45.0), (0.0, 40.0), (80.0, 48.0)],
];

/// A photo as a camera makes it: larger than what is taken.
fn camera_photo(folder: &Path) -> String {
    let (width, height) = (2_400_u32, 1_800_u32);
    let mut noise = 0x2545_F491_4F6C_DD1D_u64;
    let line = usize::try_from(width).unwrap() * 3 + 1;
    let mut pixels = vec![0; line * usize::try_from(height).unwrap()];
    for pixel in pixels.chunks_exact_mut(line).flat_map(|line| &mut line[1..]) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        *pixel = noise.to_le_bytes()[0] / 8;
    }
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&pixels).unwrap();
    let packed = packed.finish().unwrap();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    for (kind, content) in [(b"IHDR", header.as_slice()), (b"IDAT", &packed), (b"IEND", &[])] {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(content);
        png.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        png.extend([kind.as_slice(), content, &sum.sum().to_be_bytes()].concat());
    }
    assert!(png.len() > 2_000_000, "a photo that is taken as it is shows nothing");
    let path = folder.join("camera.png");
    std::fs::write(&path, png).unwrap();
    path.display().to_string()
}

async fn proof(app: &TestApp, number: &str) -> Value {
    let rma = app.get(&format!("/api/v1/rmas/{number}")).await.expect(200);
    assert_eq!(rma["state"], "delivered");
    app.get(&format!("/api/v1/shipments/{}/proof", rma["shipment"]["id"].as_str().unwrap())).await.expect(200)
}

/// What the browser makes of a picture that the API shows: an expression of its bitmap and its dots (red, green, blue, alpha).
async fn look_at(browser: &Browser, picture: &Value, expression: &str) -> Value {
    let (kind, content) = (picture["media_type"].as_str().unwrap(), picture["content"].as_str().unwrap());
    let script = format!(
        "(async () => {{ const bytes = Uint8Array.from(atob('{content}'), (c) => c.charCodeAt(0)); \
         const bitmap = await createImageBitmap(new Blob([bytes], {{ type: '{kind}' }})); \
         const sheet = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d'); sheet.drawImage(bitmap, 0, 0); \
         const ink = (x, y, w, h) => {{ const dots = sheet.getImageData(x * bitmap.width, y * bitmap.height, w * bitmap.width, h * bitmap.height).data; \
           return dots.filter((dot, at) => at % 4 === 0 && dot < 128).length; }}; \
         return {expression}; }})()"
    );
    browser.evaluate(&script).await
}

async fn accept_and_pick_up(app: &TestApp, browser: &Browser, links: &[String], name: &str) {
    browser.open(app, &links[0]).await;
    assert_eq!(browser.text("h1").await, "Do you take this run?");
    browser.shot(&format!("{name}-1-accept")).await;
    browser.fits().await;
    browser.click("form > button").await;
    browser.wait_for_text("main", "You have accepted this run.").await;
    browser.shot(&format!("{name}-2-accepted")).await;
    browser.open(app, &links[1]).await;
    browser.type_into("#serial_number_1", "new-77").await;
    browser.shot(&format!("{name}-3-pick-up")).await;
    browser.fits().await;
    browser.click("form > button").await;
    browser.wait_for_text("main", "You have picked up the part.").await;
    browser.open(app, &links[2]).await;
    browser.fits().await;
}

on_both_engines!(p4_2_a_courier_delivers_with_a_drawn_signature_a_photo_and_a_position, |app| {
    let (number, links) = dispatched(&app).await;
    let folder = tempfile::tempdir().unwrap();
    let browser = Open::new(Size::Phone).at(26.2001, -80.1502, 12.0).start().await;
    accept_and_pick_up(&app, &browser, &links, "courier").await;

    assert_eq!(
        browser.evaluate("[...document.querySelectorAll('#signing, #place')].map((part) => part.hidden)").await,
        json!([false, false])
    );
    browser.type_into("#received_by", "Zoë Desk").await;
    browser.choose_file("#photo", &camera_photo(folder.path())).await;
    browser.wait_for("document.getElementById('photo').files[0].name", json!("photo.jpg")).await;
    browser.draw("canvas", &[(-100.0, -50.0), (100.0, 50.0)]).await;
    let first = browser.evaluate("document.forms[0].signature.value").await;
    assert!(first.as_str().is_some_and(|drawn| drawn.starts_with("data:image/png;base64,")), "{first}");
    browser.click("#signing button").await;
    assert_eq!(browser.evaluate("document.forms[0].signature.value").await, json!(""), "cleared");
    for stroke in STROKES {
        browser.draw("canvas", stroke).await;
    }
    browser.click("#place button").await;
    browser.wait_for_text("#place p", "Added, to within 12 m.").await;
    browser.shot("courier-4-deliver").await;
    browser.fits().await;
    browser.click("form > button").await;
    browser.wait_for_text("main", "It is delivered. Thank you.").await;
    browser.shot("courier-5-delivered").await;
    browser.complains_about_nothing().await;

    let proof = proof(&app, &number).await;
    assert_eq!((&proof["received_by"], &proof["accuracy_meters"]), (&json!("Zoë Desk"), &json!(12.0)));
    assert_eq!((&proof["latitude"], &proof["longitude"]), (&json!(26.2001), &json!(-80.1502)));
    let pictures = proof["pictures"].as_array().unwrap();
    assert_eq!((pictures.len(), &pictures[0]["shows"], &pictures[1]["shows"]), (2, &json!("delivery_photo"), &json!("signature")));
    assert_eq!(pictures[0]["media_type"], "image/jpeg");
    assert_eq!(look_at(&browser, &pictures[0], "[bitmap.width, bitmap.height]").await, json!([1_600, 1_200]), "made small enough");
    let ink = look_at(&browser, &pictures[1], "ink(0, 0, 1, 1)").await;
    assert!(ink.as_i64().is_some_and(|dots| dots > 1_000), "{ink} dots of ink");
    // The line that was cleared began in a corner where none of the others goes.
    assert_eq!(look_at(&browser, &pictures[1], "ink(0.15, 0, 0.2, 0.25)").await, json!(0));
    browser.close().await;
});

on_both_engines!(p4_2_a_courier_delivers_without_javascript, |app| {
    let (number, links) = dispatched(&app).await;
    let browser = Open::new(Size::Phone).without_script().start().await;
    accept_and_pick_up(&app, &browser, &links, "courier-plain").await;
    // What would do nothing is not shown.
    assert_eq!(
        browser.evaluate("[...document.querySelectorAll('#signing, #place')].map((part) => part.hidden)").await,
        json!([true, true])
    );
    browser.shot("courier-plain-4-deliver").await;
    browser.type_into("#received_by", "Front Desk").await;
    browser.click("form > button").await;
    browser.wait_for_text("main", "It is delivered. Thank you.").await;
    browser.complains_about_nothing().await;
    let proof = proof(&app, &number).await;
    assert_eq!((&proof["received_by"], &proof["pictures"], &proof["latitude"]), (&json!("Front Desk"), &json!([]), &Value::Null));
    browser.close().await;
});

on_both_engines!(p4_2_a_courier_reports_a_problem_by_its_page, |app| {
    let (_, links) = dispatched(&app).await;
    let browser = Open::new(Size::Phone).dark().start().await;
    browser.open(&app, &links[3]).await;
    browser.fits().await;
    browser.shot("courier-problem-1").await;
    browser.type_into("#reason", "Nobody is at the door.").await;
    browser.click("form > button").await;
    browser.wait_for_text("main", "You have reported a problem.").await;
    browser.shot("courier-problem-2").await;
    browser.complains_about_nothing().await;
    browser.close().await;
});
