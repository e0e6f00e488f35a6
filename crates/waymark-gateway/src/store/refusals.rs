//! The people who were erased, and are refused for a time. The file and the memory have only
//! hashes of their ids, keyed by a salt that is the file's own.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::person::{EventIds, IdKind, previous_id};
use crate::event_type::EventType;
use crate::ingest::PreparedEvent;

/// A salted hash of an id.
pub(super) type PersonHash = [u8; 32];

/// Until when an id is refused.
#[derive(Debug, Clone, Copy)]
struct Refusal {
    kind: IdKind,
    /// `None` while the erasure is under way.
    erased_ms: Option<i64>,
}

/// All ids that are refused.
#[derive(Debug)]
pub(super) struct Refusals {
    salt: PersonHash,
    keep_ms: i64,
    ids: HashMap<PersonHash, Refusal>,
}

impl Refusals {
    /// Loads them.
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let salt = connection.query_row("SELECT salt FROM erasure_salt", [], |row| row.get(0))?;
        let mut statement =
            connection.prepare("SELECT id_hash, kind, erased_ms FROM erased_ids")?;
        let ids = statement.query_map([], |row| {
            let refusal = Refusal {
                kind: IdKind::from_stored(row.get(1)?)?,
                erased_ms: row.get(2)?,
            };
            Ok((row.get(0)?, refusal))
        })?;
        Ok(Self {
            salt,
            keep_ms: 0,
            ids: ids.collect::<Result<_, _>>()?,
        })
    }

    /// Has them kept for so long after the erasure.
    pub(super) fn keep_for(&mut self, keep_ms: i64) {
        self.keep_ms = keep_ms;
    }

    /// Loads them again, after an erasure was finished.
    pub(super) fn reload(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.ids = Self::load(connection)?.ids;
        Ok(())
    }

    /// The hash of an id. An anonymous id has the same whoever named it.
    pub(super) fn hash(&self, kind: IdKind, id: &str) -> PersonHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.salt);
        hasher.update(kind.name().as_bytes());
        hasher.update(b":");
        hasher.update(id.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// Whether the event is a person's who is refused.
    pub(super) fn refuses(&self, event: &PreparedEvent, now_ms: i64) -> bool {
        if self.ids.is_empty() {
            return false;
        }
        let previous = match event.event_type {
            EventType::Alias => std::str::from_utf8(&event.text).ok().and_then(previous_id),
            _ => None,
        };
        let ids = EventIds {
            user_id: event.user_id.as_deref(),
            anonymous_id: event.anonymous_id.as_deref(),
            previous_id: previous.as_deref(),
        };
        ids.claims().any(|(kind, id)| {
            let refusal = self.ids.get(&self.hash(kind, id));
            refusal.is_some_and(|refusal| refusal.kind == kind && self.holds(*refusal, now_ms))
        })
    }

    fn holds(&self, refusal: Refusal, now_ms: i64) -> bool {
        match refusal.erased_ms {
            None => true,
            Some(erased_ms) => now_ms - erased_ms < self.keep_ms,
        }
    }

    /// Writes, within the open transaction, that an id is refused while it is erased.
    pub(super) fn write(
        &self,
        connection: &Connection,
        erasure: i64,
        kind: IdKind,
        id: &str,
    ) -> rusqlite::Result<()> {
        connection
            .prepare_cached(
                "INSERT INTO erased_ids (id_hash, kind, erasure, erased_ms)
                 VALUES (?1, ?2, ?3, NULL) ON CONFLICT (id_hash) DO UPDATE SET
                     kind = min(kind, excluded.kind), erasure = excluded.erasure, erased_ms = NULL",
            )?
            .execute(params![self.hash(kind, id), kind as i64, erasure])?;
        Ok(())
    }

    /// To be called when that is durable.
    pub(super) fn written(&mut self, kind: IdKind, id: &str) {
        let refusal = Refusal {
            kind,
            erased_ms: None,
        };
        let kept = self.ids.entry(self.hash(kind, id)).or_insert(refusal);
        kept.kind = kept.kind.min(kind);
        kept.erased_ms = None;
    }

    /// Writes, within the open transaction, that an erasure is finished, and forgets ids whose
    /// time is over.
    pub(super) fn finish(
        &self,
        connection: &Connection,
        erasure: i64,
        now_ms: i64,
    ) -> rusqlite::Result<()> {
        connection.execute(
            "UPDATE erased_ids SET erased_ms = ?1 WHERE erasure = ?2 AND erased_ms IS NULL",
            [now_ms, erasure],
        )?;
        connection.execute(
            "DELETE FROM erased_ids WHERE erased_ms <= ?1",
            [now_ms - self.keep_ms],
        )?;
        Ok(())
    }
}
