//! Keeps two gateways from using one file.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::StoreError;

/// Takes the lock that keeps a second gateway away from the file.
pub(super) fn lock_beside(path: &Path) -> Result<File, StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(name)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}
