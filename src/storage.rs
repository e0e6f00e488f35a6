//! The stores of the identity: cookies and localStorage, each of which may be refused.

use std::cell::OnceCell;

use waymark_core::cookie::{self, CookieAttributes};
use waymark_core::settings::{ProfileSettings, Settings};
use waymark_core::stored::{Key, Legacy, Stored, Write};
use web_sys::{HtmlDocument, Storage};

use crate::global::{GLOBAL, Global};

/// The cookie by which the shared domain is found; it is removed at once (contract, §b.1).
const PROBE: &str = "__tld__";

/// The cookie that remembers the advertisement a visitor came by (contract, §b.1).
const AD_REFERRER: &str = "s%3Acontext.referrer";

/// Where the identity is kept between pages.
#[derive(Debug)]
pub struct IdentityStore {
    local: Option<Storage>,
    document: Option<HtmlDocument>,
    attributes: CookieAttributes,
    given_domain: Option<String>,
    renewed: bool,
    host: String,
    user: ProfileSettings,
    group: ProfileSettings,
    found_domain: OnceCell<String>,
}

impl IdentityStore {
    /// Opens the stores that the browser allows. Writes nothing.
    pub fn open(settings: &Settings) -> Self {
        Self {
            // Reading `localStorage` throws where storage is blocked.
            local: GLOBAL.with(Global::local_storage).ok().flatten(),
            document: GLOBAL.with(Global::document),
            attributes: CookieAttributes {
                domain: String::new(),
                path: settings.cookie.path.clone(),
                max_age_s: settings.cookie.max_age_s,
                same_site: settings.cookie.same_site.clone(),
                secure: settings.cookie.secure,
            },
            given_domain: settings.cookie.domain.clone(),
            renewed: settings.cookie.renewed,
            host: settings.host.clone(),
            user: settings.user.clone(),
            group: settings.group.clone(),
            found_domain: OnceCell::new(),
        }
    }

    fn profile(&self, key: Key) -> &ProfileSettings {
        match key {
            Key::GroupId | Key::GroupTraits => &self.group,
            _ => &self.user,
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
        let local = self.local.as_ref().filter(|_| stores.contains('l'));
        Stored {
            local: local.map(|local| {
                let text = local.get_item(name).ok().flatten();
                // Traits go into events as they are: broken ones would break those.
                text.filter(|text| key.is_id() || js_sys::JSON::parse(text).is_ok())
            }),
            cookie: (key.is_id() && stores.contains('c')).then(|| self.cookie(name)),
            cookie_first: stores.starts_with('c'),
        }
    }

    /// The cookies of older versions.
    pub fn legacy(&self) -> Legacy {
        if !self.user.stores.contains('c') {
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
        if let Some(local) = self.local.as_ref().filter(|_| stores.contains('l')) {
            // A full or blocked store is a normal state: the cookie and memory remain.
            _ = match &write.local {
                Some(text) => local.set_item(name, text),
                None => local.remove_item(name),
            };
        }
    }

    /// Whether the cookie needs no write: it is already absent, or a server set it.
    fn is_kept(&self, name: &str, write: &Write) -> bool {
        let cookies = self.cookies();
        let there = cookie::raw(&cookies, name);
        match write.cookie.as_deref() {
            None => there.is_none(),
            Some(value) => self.renewed && there == Some(cookie::encode(value).as_str()),
        }
    }

    /// Remembers the advertisement that the page's address names.
    pub fn write_ad_referrer(&self, referrer: &str) {
        self.write_cookie(AD_REFERRER, Some(referrer));
    }

    fn write_cookie(&self, name: &str, value: Option<&str>) {
        let attributes = CookieAttributes {
            domain: self.domain(),
            ..self.attributes.clone()
        };
        self.assign(&cookie::assignment(name, value, &attributes));
    }

    fn cookie(&self, name: &str) -> Option<String> {
        cookie::find(&self.cookies(), name)
    }

    fn cookies(&self) -> String {
        let document = self.document.as_ref();
        document
            .and_then(|document| document.cookie().ok())
            .unwrap_or_default()
    }

    fn assign(&self, text: &str) {
        if let Some(document) = &self.document {
            _ = document.set_cookie(text);
        }
    }

    /// The domain all subdomains share: the given one, or the shortest the browser accepts a
    /// cookie for, found once and only when a cookie is to be written.
    fn domain(&self) -> String {
        if let Some(known) = self.given_domain.as_ref().or(self.found_domain.get()) {
            return known.clone();
        }
        let found = cookie::domain_candidates(&self.host).find(|domain| self.accepts(domain));
        let found = found.unwrap_or("").to_owned();
        // A page that intercepts its cookies may have come back here meanwhile.
        _ = self.found_domain.set(found.clone());
        found
    }

    fn accepts(&self, domain: &str) -> bool {
        let attributes = CookieAttributes {
            domain: domain.to_owned(),
            ..self.attributes.clone()
        };
        self.assign(&cookie::assignment(PROBE, Some("1"), &attributes));
        let accepted = cookie::find(&self.cookies(), PROBE).is_some();
        self.assign(&cookie::assignment(PROBE, None, &attributes));
        accepted
    }
}
