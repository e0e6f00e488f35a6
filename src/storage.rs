//! The stores of the identity: cookies and localStorage, each of which may be refused.

use std::cell::OnceCell;
use std::rc::Rc;

use waymark_core::cookie;
use waymark_core::settings::{ProfileSettings, Settings};
use waymark_core::stored::{Key, Legacy, Stored, Write};

use crate::browser;

/// The cookie by which the shared domain is found; it is removed at once (contract, §b.1).
const PROBE: &str = "__tld__";

/// The cookie that remembers the advertisement a visitor came by (contract, §b.1).
const AD_REFERRER: &str = "s%3Acontext.referrer";

/// Where the identity is kept between pages.
#[derive(Debug)]
pub struct IdentityStore {
    has_local: bool,
    settings: Rc<Settings>,
    found_domain: OnceCell<String>,
}

impl IdentityStore {
    /// Opens the stores that the browser allows. Writes nothing.
    pub fn open(settings: Rc<Settings>) -> Self {
        Self {
            has_local: browser::has_local_storage(),
            settings,
            found_domain: OnceCell::new(),
        }
    }

    fn profile(&self, key: Key) -> &ProfileSettings {
        match key {
            Key::GroupId | Key::GroupTraits => &self.settings.group,
            _ => &self.settings.user,
        }
    }

    /// The name of the cookie and of the localStorage key.
    fn name(&self, key: Key) -> &str {
        let profile = self.profile(key);
        let given = match key {
            Key::AnonymousId => None,
            Key::UserId | Key::GroupId => profile.id_key.as_deref(),
            Key::UserTraits | Key::GroupTraits => profile.traits_key.as_deref(),
        };
        given.unwrap_or(key.name())
    }

    /// The values that the stores hold for `key`.
    pub fn read(&self, key: Key) -> Stored {
        let stores = self.profile(key).stores.as_str();
        let name = self.name(key);
        Stored {
            // Traits go into events as they are: broken ones would break those.
            local: (self.has_local && stores.contains('l'))
                .then(|| browser::local_item(name, !key.is_id())),
            cookie: (key.is_id() && stores.contains('c')).then(|| self.cookie(name)),
            cookie_first: stores.starts_with('c'),
        }
    }

    /// The cookies of older versions.
    pub fn legacy(&self) -> Legacy {
        if !self.settings.user.stores.contains('c') {
            return Legacy::default();
        }
        Legacy {
            user: self.cookie("ajs_user"),
            sio: self.cookie("_sio"),
        }
    }

    /// Stores or removes one value. If a store refuses it, it stays in memory.
    pub fn write(&self, write: &Write) {
        let stores = self.profile(write.key).stores.as_str();
        let name = self.name(write.key);
        // The cookie first: writing localStorage tells other tabs, which then read both.
        if write.key.is_id() && stores.contains('c') && !self.is_kept(name, write) {
            self.write_cookie(name, write.cookie.as_deref());
        }
        if stores.contains('l') {
            // A full or blocked store is a normal state: the cookie and memory remain.
            browser::set_local_item(name, write.local.as_deref());
        }
    }

    /// Whether the cookie needs no write: it is already absent, or a server set it.
    fn is_kept(&self, name: &str, write: &Write) -> bool {
        let cookies = browser::cookies();
        let there = cookie::raw(&cookies, name);
        match write.cookie.as_deref() {
            None => there.is_none(),
            Some(value) => {
                self.settings.cookie.renewed && there == Some(cookie::encode(value).as_str())
            }
        }
    }

    /// Remembers the advertisement that the page's address names.
    pub fn write_ad_referrer(&self, referrer: &str) {
        self.write_cookie(AD_REFERRER, Some(referrer));
    }

    fn write_cookie(&self, name: &str, value: Option<&str>) {
        let domain = self.domain();
        self.assign(name, value, &domain);
    }

    fn assign(&self, name: &str, value: Option<&str>, domain: &str) {
        let attributes = &self.settings.cookie.attributes;
        browser::set_cookie(&cookie::assignment(name, value, domain, attributes));
    }

    fn cookie(&self, name: &str) -> Option<String> {
        cookie::find(&browser::cookies(), name)
    }

    /// The domain all subdomains share: the given one, or the shortest the browser accepts a
    /// cookie for, found once and only when a cookie is to be written.
    fn domain(&self) -> String {
        if let Some(known) = self
            .settings
            .cookie
            .domain
            .as_ref()
            .or(self.found_domain.get())
        {
            return known.clone();
        }
        let found =
            cookie::domain_candidates(&self.settings.host).find(|domain| self.accepts(domain));
        let found = found.unwrap_or("").to_owned();
        // A page that intercepts its cookies may have come back here meanwhile.
        _ = self.found_domain.set(found.clone());
        found
    }

    fn accepts(&self, domain: &str) -> bool {
        self.assign(PROBE, Some("1"), domain);
        let accepted = self.cookie(PROBE).is_some();
        self.assign(PROBE, None, domain);
        accepted
    }
}
