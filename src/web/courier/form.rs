//! What a form sends, read with bounds: few fields, short texts, pictures of bearable size, in bearable time.

use super::page::Told;
use crate::actions::answer_dispatch::{Answer, Handover};
use crate::actions::show_dispatch::Shown;
use crate::http::problem::Problem;
use crate::rules::image::{self, Image};
use crate::rules::link::Purpose;
use crate::rules::position::Point;
use crate::rules::text::{Line, Note, SerialNumber, TextFault};
use crate::web::sentence;
use actix_multipart::{Field, Multipart};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::TryStreamExt;
use std::time::Duration;

/// A phone in a cellar sends 2 MB in this time or not at all.
const TIME: Duration = Duration::from_secs(120);
const FIELDS_MOST: usize = 40;
const TEXT_BYTES_MOST: usize = 16_384;
/// A drawn signature has a few kilobytes; base64 makes them a third more.
const SIGNATURE_BYTES_MOST: usize = 400_000;
const DRAWN: &str = "data:image/png;base64,";

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The secret of the page's form.
    pub form: String,
    serial_numbers: Vec<String>,
    received_by: String,
    reason: String,
    signature: String,
    latitude: String,
    longitude: String,
    accuracy: String,
    photo: Vec<u8>,
}

impl Sent {
    /// Reads a form to its end.
    pub(super) async fn read(body: Multipart) -> Result<Self, Problem> {
        tokio::time::timeout(TIME, Self::fields(body)).await.map_err(|_| Problem::too_slow())?
    }

    async fn fields(mut body: Multipart) -> Result<Self, Problem> {
        let broken = |_| Problem::malformed("broken_form", "the form can't be read");
        let (mut sent, mut fields) = (Self::default(), 0);
        while let Some(field) = body.try_next().await.map_err(broken)? {
            fields += 1;
            if fields > FIELDS_MOST {
                return Err(Problem::malformed("broken_form", "the form has too many fields"));
            }
            let name = field.name().unwrap_or_default().to_owned();
            let most = match name.as_str() {
                // One byte more tells that it is too large, in words that fit a picture.
                "photo" => image::BYTES_MOST + 1,
                "signature" => SIGNATURE_BYTES_MOST,
                _ => TEXT_BYTES_MOST,
            };
            let bytes = bytes(field, most).await?;
            if name == "photo" {
                sent.photo = bytes;
                continue;
            }
            let text = String::from_utf8(bytes).map_err(|_| Problem::malformed("broken_form", "the form is not UTF-8"))?;
            match name.as_str() {
                "form" => sent.form = text,
                "serial_number" => sent.serial_numbers.push(text),
                "received_by" => sent.received_by = text,
                "reason" => sent.reason = text,
                "signature" => sent.signature = text,
                "latitude" => sent.latitude = text,
                "longitude" => sent.longitude = text,
                "accuracy" => sent.accuracy = text,
                _ => {}
            }
        }
        Ok(sent)
    }

    /// The same for showing the form again.
    pub(super) fn told(&self, error: &str) -> Told {
        Told {
            error: Some(error.to_owned()),
            serial_numbers: self.serial_numbers.clone(),
            received_by: self.received_by.clone(),
            reason: self.reason.clone(),
        }
    }

    /// What the courier tells, or a sentence about what is wrong with it.
    pub(super) fn answer(&self, purpose: Purpose, shown: &Shown) -> Result<Answer, String> {
        let photo = || Image::parse(self.photo.clone()).map_err(|fault| sentence(fault.detail()));
        match purpose {
            Purpose::Accept | Purpose::Track => Ok(Answer::Accept),
            Purpose::PickedUp => Ok(Answer::PickUp { replacement_serial_numbers: self.serials(shown)? }),
            Purpose::Delivered => {
                let received_by = Line::parse(&self.received_by).map_err(|fault| said("The name", &fault))?;
                let proof = Handover { photo: photo()?, signature: self.drawn()?, position: self.position() };
                Ok(Answer::Deliver { received_by, proof })
            }
            Purpose::Problem => {
                let reason = Note::parse(&self.reason).map_err(|fault| said("The reason", &fault))?;
                Ok(Answer::Problem { reason, photo: photo()? })
            }
        }
    }

    fn serials(&self, shown: &Shown) -> Result<Vec<SerialNumber>, String> {
        if !shown.dossier.awaits_pick_up() {
            return Ok(Vec::new());
        }
        let lines = shown.dossier.live_lines().count();
        if self.serial_numbers.len() != lines {
            return Err("Each part needs its serial number.".to_owned());
        }
        self.serial_numbers.iter().map(|text| SerialNumber::parse(text).map_err(|fault| said("The serial number", &fault))).collect()
    }

    fn drawn(&self) -> Result<Option<Image>, String> {
        let Some(encoded) = self.signature.strip_prefix(DRAWN) else { return Ok(None) };
        let fault = || "The signature can't be read; please draw it again.".to_owned();
        let bytes = STANDARD.decode(encoded).map_err(|_| fault())?;
        Image::parse(bytes).map_err(|_| fault())
    }

    /// A position that makes no sense is left out: it is not what keeps a delivery from being recorded.
    fn position(&self) -> Option<(Point, Option<f64>)> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        let point = Point::new(number(&self.latitude)?, number(&self.longitude)?).ok()?;
        Some((point, number(&self.accuracy).filter(|meters| (0.0..=1e6).contains(meters))))
    }
}

fn said(what: &str, fault: &TextFault) -> String {
    sentence(&format!("{what} {}", fault.detail))
}

async fn bytes(mut field: Field, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let broken = |_| Problem::malformed("broken_form", "the form broke off");
    while let Some(chunk) = field.try_next().await.map_err(broken)? {
        if bytes.len() + chunk.len() > most {
            return Err(Problem::too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
