//! The engine: one client in the page. Each method hands its arguments to the core and does what
//! the core asks for.

use waymark_core::client::Client;
use waymark_core::identity::Identity;
use waymark_core::page::PageFacts;
use waymark_core::settings::Settings;
use waymark_core::stored::Key;

use crate::delivery::Shared;
use crate::random::uuid;
use crate::storage::IdentityStore;

/// One client in the page.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    pub(crate) shared: &'static Shared,
}

impl Engine {
    /// Starts a client. `settings` is the text of the object that [`Settings`] describes. Reads
    /// the stored identity, writes nothing and sends nothing.
    pub fn new(settings: &str) -> Engine {
        let settings = Settings::from_json(settings);
        let store = IdentityStore::open(&settings);
        let identity = load_identity(&settings, &store);
        if let Some(referrer) = &settings.ad_referrer {
            store.write_ad_referrer(referrer);
        }
        Self {
            shared: Shared::new(Client::new(settings, identity), store),
        }
    }

    /// The page that later calls are made on, and what was answered by then: the fields of
    /// [`PageFacts`] with a NUL between them.
    pub fn set_page(&self, facts: &str) {
        let facts = PageFacts::parse(facts);
        self.shared.client.borrow_mut().set_page(&facts);
    }

    /// What the visitor or the group is known by: an id, or traits as JSON text. The anonymous id
    /// is made and stored if there is none.
    pub fn identity(&self, key: Key) -> Option<String> {
        let value = {
            let identity = &mut self.shared.client.borrow_mut().identity;
            identity.read(key, uuid).map(ToOwned::to_owned)
        };
        self.store_identity();
        value
    }

    /// Replaces an id, or traits by an object as JSON text; nothing clears it.
    pub fn set_identity(&self, key: Key, value: Option<&str>) {
        self.change_identity(|identity| identity.set(key, value));
    }

    /// Takes over id and traits (an object as JSON text) as `identify` and `group` do.
    pub fn assume(&self, group: bool, id: Option<&str>, traits: &str) {
        self.change_identity(|identity| {
            if group {
                identity.group(id, traits);
            } else {
                identity.identify(id, traits);
            }
        });
    }

    /// Forgets the visitor, or the group, in memory and in the stores.
    pub fn reset_profile(&self, group: bool) {
        self.change_identity(|identity| {
            if group {
                identity.reset_group();
            } else {
                identity.reset_user();
            }
        });
    }

    /// Another tab changed the stored identity: takes it over.
    pub fn reload_identity(&self) {
        let mut client = self.shared.client.borrow_mut();
        let identity = load_identity(client.settings(), &self.shared.store);
        client.identity = identity;
    }
}

impl Engine {
    fn change_identity(&self, change: impl FnOnce(&mut Identity)) {
        change(&mut self.shared.client.borrow_mut().identity);
        self.store_identity();
    }

    pub(crate) fn store_identity(&self) {
        let writes = self.shared.client.borrow_mut().identity.take_writes();
        for write in &writes {
            self.shared.store.write(write);
        }
    }
}

fn load_identity(settings: &Settings, store: &IdentityStore) -> Identity {
    let mut identity = Identity::load(|key| store.read(key), &store.legacy());
    identity.disable(settings.user.disabled, settings.group.disabled);
    identity
}
