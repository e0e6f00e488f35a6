//! The engine: the one class the facade sees. Each method hands its arguments to the core and
//! does what the core asks for.

use wasm_bindgen::prelude::*;
use waymark_core::client::Client;
use waymark_core::identity::Identity;
use waymark_core::page::PageFacts;
use waymark_core::settings::Settings;
use waymark_core::stored::Key;

use crate::delivery::Shared;
use crate::random::uuid;
use crate::storage::IdentityStore;

/// One client in the page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    pub(crate) shared: &'static Shared,
}

#[wasm_bindgen]
impl Engine {
    /// Starts a client. `settings` is the text of the object that [`Settings`] describes. Reads
    /// the stored identity, writes nothing and sends nothing.
    #[wasm_bindgen(constructor)]
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
    #[wasm_bindgen(js_name = setPage)]
    pub fn set_page(&self, facts: &str) {
        let facts = PageFacts::parse(facts);
        self.shared.client.borrow_mut().set_page(&facts);
    }

    /// The user's id, or the group's.
    #[wasm_bindgen(js_name = profileId)]
    pub fn profile_id(&self, group: bool) -> Option<String> {
        let id = {
            let mut client = self.shared.client.borrow_mut();
            client.identity.note_read(id_key(group));
            let id = if group {
                client.identity.group_id()
            } else {
                client.identity.user_id()
            };
            id.map(ToOwned::to_owned)
        };
        self.store_identity();
        id
    }

    /// Sets the user's id, or the group's, or clears it.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "wasm-bindgen hands over owned strings only"
    )]
    #[wasm_bindgen(js_name = setProfileId)]
    pub fn set_profile_id(&self, group: bool, id: Option<String>) {
        self.change_identity(|identity| identity.set_id(id_key(group), id.as_deref()));
    }

    /// The user's traits, or the group's: an object as JSON text.
    #[wasm_bindgen(js_name = profileTraits)]
    pub fn profile_traits(&self, group: bool) -> String {
        let client = self.shared.client.borrow();
        let identity = &client.identity;
        if group {
            identity.group_traits().into()
        } else {
            identity.traits().into()
        }
    }

    /// Replaces the user's traits, or the group's, by an object as JSON text.
    #[wasm_bindgen(js_name = setProfileTraits)]
    pub fn set_profile_traits(&self, group: bool, traits: &str) {
        let key = if group {
            Key::GroupTraits
        } else {
            Key::UserTraits
        };
        self.change_identity(|identity| identity.set_traits(key, traits));
    }

    /// Takes over id and traits (an object as JSON text) as `identify` and `group` do.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "wasm-bindgen hands over owned strings only"
    )]
    pub fn assume(&self, group: bool, id: Option<String>, traits: &str) {
        self.change_identity(|identity| {
            if group {
                identity.group(id.as_deref(), traits);
            } else {
                identity.identify(id.as_deref(), traits);
            }
        });
    }

    /// Forgets the visitor, or the group, in memory and in the stores.
    #[wasm_bindgen(js_name = resetProfile)]
    pub fn reset_profile(&self, group: bool) {
        self.change_identity(|identity| {
            if group {
                identity.reset_group();
            } else {
                identity.reset_user();
            }
        });
    }

    /// The anonymous id, made and stored if there is none.
    #[wasm_bindgen(js_name = anonymousId)]
    pub fn anonymous_id(&self) -> Option<String> {
        let id = {
            let mut client = self.shared.client.borrow_mut();
            client.identity.ensure_anonymous_id(uuid).map(Into::into)
        };
        self.store_identity();
        id
    }

    /// Sets the anonymous id, or clears it.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "wasm-bindgen hands over owned strings only"
    )]
    #[wasm_bindgen(js_name = setAnonymousId)]
    pub fn set_anonymous_id(&self, id: Option<String>) {
        self.change_identity(|identity| identity.set_anonymous_id(id.as_deref()));
    }

    /// Another tab changed the stored identity: takes it over.
    #[wasm_bindgen(js_name = reloadIdentity)]
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

fn id_key(group: bool) -> Key {
    if group { Key::GroupId } else { Key::UserId }
}
