//! How much room the store takes, and how much there is.

use std::path::Path;

/// Bytes of the store's files, and bytes that are free beside them.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskUsage {
    /// The database.
    pub database_bytes: u64,
    /// Its write-ahead log.
    pub wal_bytes: u64,
    /// What the file system has left for the gateway's user.
    pub free_bytes: u64,
}

impl DiskUsage {
    /// The bytes as of now. What cannot be found out is 0.
    #[must_use]
    pub fn of(database: &Path) -> Self {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
        let mut wal = database.as_os_str().to_owned();
        wal.push("-wal");
        let free = rustix::fs::statvfs(database);
        Self {
            database_bytes: size(database),
            wal_bytes: size(Path::new(&wal)),
            free_bytes: free.map_or(0, |free| free.f_bavail.saturating_mul(free.f_frsize)),
        }
    }
}
