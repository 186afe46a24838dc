//! A folder of `.eml` files: the transport of the demo and of small installations.

use super::{Cause, SendError, Sent};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The longest key that a file is named after as it is, in bytes.
const NAME_MAX: usize = 100;

/// The file of a key: `rma/R10000017/issued` is `rma-R10000017-issued.eml`. A key with anything but letters, digits,
/// `-`, `.`, `_` and `/`, or a long one, gets a hash as well, so that it can't take another key's file.
pub fn file_name(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let safe = |c: char| if plain(c) && c != '/' { c } else { '-' };
    let name: String = key.chars().take(NAME_MAX).map(safe).collect();
    let name = name.trim_start_matches('.');
    if name.len() == key.len() && key.chars().all(plain) && !name.is_empty() {
        return format!("{name}.eml");
    }
    let hash: String = Sha256::digest(key.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}-{hash}.eml")
}

/// Writes a message into the folder. The same key writes the same file again.
pub(super) async fn write(folder: &Path, key: &str, bytes: Vec<u8>) -> Result<Sent, SendError> {
    let (folder, path) = (folder.to_owned(), folder.join(file_name(key)));
    let written = tokio::task::spawn_blocking(move || replace(&folder, path, &bytes)).await;
    let fault = |kind| SendError::Transient { cause: Cause::Folder(kind) };
    match written {
        Ok(Ok(path)) => Ok(Sent::Written(path)),
        Ok(Err(error)) => Err(fault(error.kind())),
        Err(_) => Err(fault(io::ErrorKind::Other)),
    }
}

/// Writes under a name of its own first, then renames: whoever watches the folder never sees half a letter, and a
/// letter that was reported as written survives a crash.
fn replace(folder: &Path, path: PathBuf, bytes: &[u8]) -> io::Result<PathBuf> {
    let draft = folder.join(format!(".{}.part", uuid::Uuid::new_v4()));
    let written = File::create_new(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, &path)?;
        File::open(folder)?.sync_all()
    });
    if written.is_err() {
        // It may be gone or never have been there; the first error is the one to report.
        let _ = fs::remove_file(&draft);
    }
    written.map(|()| path)
}
