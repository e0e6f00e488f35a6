//! Copies a file while a gateway uses it, and puts a copy in the place of a file that none uses.
//! A copy gets its name only when it is whole, checked and on disk, so that a process that is
//! killed leaves no file that looks complete.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde_json::{Value, json};

use super::check::{Checked, check_all, open_snapshot};
use super::forgotten::erase_again;
use super::lock::lock_beside;
use super::{StoreError, schema};
use crate::limits::{BACKUP_PAUSE, BACKUP_RETRY_INTERVAL, BACKUP_STEP_PAGES};

/// Rights of a copy: it holds what people have done, so others may not read it.
const OWNER_ONLY: u32 = 0o600;

/// What SQLite and a gateway put beside a file.
const BESIDE: [&str; 4] = ["-journal", "-wal", "-shm", ".lock"];

/// A copy that was made.
#[derive(Debug, Clone)]
pub struct BackedUp {
    file: PathBuf,
    n_bytes: u64,
    checked: Checked,
}

impl BackedUp {
    /// What was made, as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "backup": self.file.display().to_string(),
            "bytes": self.n_bytes,
            "events": self.checked.n_events,
            "newestEvent": self.checked.newest_seq,
        })
    }
}

/// A database that was put back.
#[derive(Debug, Clone)]
pub struct Restored {
    database: PathBuf,
    kept: Option<PathBuf>,
    erased_again: Option<usize>,
    checked: Checked,
}

impl Restored {
    /// What was done, as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "database": self.database.display().to_string(),
            "events": self.checked.n_events,
            "newestEvent": self.checked.newest_seq,
            "before": self.kept.as_ref().map(|path| path.display().to_string()),
            "erasedAgain": self.erased_again,
        })
    }
}

/// Copies a file, which a gateway may be using, as it is now.
///
/// # Errors
/// When there is a file of that name, the database or the copy is not sound, or the copy cannot be
/// written.
pub fn backup(database: &Path, file: &Path) -> Result<BackedUp, StoreError> {
    if file.try_exists()? {
        return Err(StoreError::Exists(file.to_owned()));
    }
    let partial = beside(file, ".partial");
    let claim = claim(&partial)?;
    let done = copy(database, &partial).map_err(StoreError::or_damaged);
    let done = done.and_then(|checked| {
        let n_bytes = std::fs::metadata(&partial)?.len();
        give_name(&partial, file)?;
        Ok(BackedUp {
            file: file.to_owned(),
            n_bytes,
            checked,
        })
    });
    if done.is_err() {
        remove_with_journals(&partial);
    }
    drop(claim);
    done
}

/// Puts a copy in the place of a database that no gateway uses. The database that is there is kept
/// under another name.
///
/// # Errors
/// When a gateway uses the database, or the file is damaged, of a newer version, or no store.
/// Nothing has changed then.
pub fn restore(file: &Path, database: &Path) -> Result<Restored, StoreError> {
    let _lock = lock_beside(database)?;
    if file.canonicalize()? == database.canonicalize().unwrap_or_default() {
        return Err(StoreError::Exists(database.to_owned()));
    }
    let fresh = beside(database, ".restoring");
    let claim = claim(&fresh)?;
    let done = copy(file, &fresh).map_err(StoreError::or_damaged);
    let done = done.and_then(|checked| {
        let mut restored = Restored {
            database: database.to_owned(),
            kept: None,
            erased_again: None,
            checked,
        };
        if database.try_exists()? {
            like(database, &fresh)?;
            restored.erased_again = erase_again(database, &fresh)?;
            restored.kept = Some(keep_aside(database)?);
        }
        std::fs::rename(&fresh, database)?;
        remove(&beside(&fresh, ".lock"));
        sync_folder_of(database)?;
        Ok(restored)
    });
    if done.is_err() {
        remove_with_journals(&fresh);
    }
    drop(claim);
    done
}

/// A name beside a file's.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes an empty file that no other process writes to. What a killed one left is removed.
fn claim(path: &Path) -> Result<File, StoreError> {
    let claim = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(OWNER_ONLY)
        .open(path)?;
    match claim.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::Exists(path.to_owned())),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    // A process that has just ended may have given the file another name.
    let (locked, named) = (claim.metadata()?, std::fs::metadata(path)?);
    if (locked.dev(), locked.ino()) != (named.dev(), named.ino()) {
        return Err(StoreError::Exists(path.to_owned()));
    }
    for ending in BESIDE {
        remove(&beside(path, ending));
    }
    claim.set_len(0)?;
    Ok(claim)
}

fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(path = %path.display(), %error, "a file could not be removed");
        }
        _ => {}
    }
}

fn remove_with_journals(path: &Path) {
    remove(path);
    for ending in BESIDE {
        remove(&beside(path, ending));
    }
}

/// Copies a database into an empty file, checks the copy, and has it written to disk.
fn copy(from: &Path, to: &Path) -> Result<Checked, StoreError> {
    let source = open_snapshot(from)?;
    schema::version_of(&source)?;
    let mut target = Connection::open(to)?;
    // It is worth nothing before it is whole, so nothing of it has to survive a crash.
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    copy_pages(&source, &mut target)?;
    drop(source);
    // One file without a log beside it, until a gateway opens it.
    target.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA temp_store = MEMORY")?;
    let checked = check_all(&target)?.or_damaged()?;
    target.close().map_err(|(_, error)| error)?;
    File::open(to)?.sync_all()?;
    Ok(checked)
}

/// The source is in a transaction, so that what is written to it meanwhile does not make the copy
/// begin again.
fn copy_pages(source: &Connection, target: &mut Connection) -> rusqlite::Result<()> {
    let backup = Backup::new(source, target)?;
    loop {
        match backup.step(BACKUP_STEP_PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked => std::thread::sleep(BACKUP_RETRY_INTERVAL),
            _ => std::thread::sleep(BACKUP_PAUSE),
        }
    }
}

/// Gives the whole file its name, unless there is a file of that name meanwhile.
fn give_name(partial: &Path, file: &Path) -> Result<(), StoreError> {
    match std::fs::hard_link(partial, file) {
        Ok(()) => std::fs::remove_file(partial)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(StoreError::Exists(file.to_owned()));
        }
        // Not every file system has links.
        Err(_) if file.try_exists()? => return Err(StoreError::Exists(file.to_owned())),
        Err(_) => std::fs::rename(partial, file)?,
    }
    Ok(sync_folder_of(file)?)
}

/// Writes the names in a file's folder to disk.
fn sync_folder_of(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Gives a file the rights and, where that is allowed, the owner of another.
fn like(model: &Path, file: &Path) -> Result<(), StoreError> {
    let model = std::fs::metadata(model)?;
    std::fs::set_permissions(file, Permissions::from_mode(model.mode() & 0o777))?;
    let own = std::fs::metadata(file)?;
    if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
        std::os::unix::fs::chown(file, Some(model.uid()), Some(model.gid()))?;
    }
    Ok(())
}

/// Keeps the database under another name, too. With it goes what of its log cannot be brought into
/// it: the log would spoil the file that takes its place.
fn keep_aside(database: &Path) -> Result<PathBuf, StoreError> {
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let kept = beside(database, &format!(".before-{now}"));
    // A damaged one may not allow it.
    let merged = Connection::open(database).and_then(|connection| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        connection.close().map_err(|(_, error)| error)
    });
    if let Err(error) = merged {
        tracing::warn!(%error, "the log of the database could not be brought into it");
    }
    let wal = beside(database, "-wal");
    if wal.try_exists()? {
        std::fs::rename(wal, beside(&kept, "-wal"))?;
    }
    remove(&beside(database, "-shm"));
    match std::fs::hard_link(database, &kept) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(StoreError::Exists(kept));
        }
        // Not every file system has links.
        Err(_) => std::fs::rename(database, &kept)?,
    }
    Ok(kept)
}
