//! The engine: the one class the facade sees. Each method hands its arguments to the core and
//! does what the core asks for.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use waymark_core::client::Client;
use waymark_core::identity::Identity;
use waymark_core::page::PageFacts;
use waymark_core::settings::Settings;

use crate::delivery::Shared;
use crate::random::uuid;
use crate::storage::IdentityStore;

/// One client in the page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    pub(crate) shared: Rc<Shared>,
}

#[wasm_bindgen]
impl Engine {
    /// Starts a client. `settings` is the text of the object that [`Settings`] describes. Reads
    /// the stored identity, writes nothing and sends nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Engine {
        let settings = Settings::from_json(settings);
        let store = IdentityStore::open(&settings);
        let identity = Identity::load(|key| store.read(key));
        Self {
            shared: Shared::new(Client::new(settings, identity), store),
        }
    }

    /// The page that later calls are made on; each text as the DOM gives it, the last two the
    /// canonical link's address and path name, or nothing.
    #[expect(
        clippy::too_many_arguments,
        reason = "one crossing of the boundary for the whole page"
    )]
    #[wasm_bindgen(js_name = setPage)]
    pub fn set_page(
        &self,
        href: String,
        pathname: String,
        search: String,
        title: String,
        referrer: String,
        canonical: String,
        canonical_pathname: String,
    ) {
        self.shared.client.borrow_mut().set_page(&PageFacts {
            href,
            pathname,
            search,
            title,
            referrer,
            canonical,
            canonical_pathname,
        });
    }

    /// The user's id.
    #[wasm_bindgen(js_name = userId)]
    pub fn user_id(&self) -> Option<String> {
        let client = self.shared.client.borrow();
        client.identity.user_id().map(Into::into)
    }

    /// The anonymous id, made and stored if there is none.
    #[wasm_bindgen(js_name = anonymousId)]
    pub fn anonymous_id(&self) -> String {
        let id = {
            let mut client = self.shared.client.borrow_mut();
            client.identity.ensure_anonymous_id(uuid).to_owned()
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
        let mut client = self.shared.client.borrow_mut();
        client.identity.set_anonymous_id(id.as_deref());
        drop(client);
        self.store_identity();
    }

    /// The user's traits, an object as JSON text.
    pub fn traits(&self) -> String {
        self.shared.client.borrow().identity.traits().into()
    }

    /// The group's id.
    #[wasm_bindgen(js_name = groupId)]
    pub fn group_id(&self) -> Option<String> {
        let client = self.shared.client.borrow();
        client.identity.group_id().map(Into::into)
    }

    /// The group's traits, an object as JSON text.
    #[wasm_bindgen(js_name = groupTraits)]
    pub fn group_traits(&self) -> String {
        self.shared.client.borrow().identity.group_traits().into()
    }

    /// Forgets visitor and group in memory and in the stores.
    pub fn reset(&self) {
        self.shared.client.borrow_mut().identity.reset();
        self.store_identity();
    }

    /// Another tab changed the stored identity: takes it over.
    #[wasm_bindgen(js_name = reloadIdentity)]
    pub fn reload_identity(&self) {
        let identity = Identity::load(|key| self.shared.store.read(key));
        self.shared.client.borrow_mut().identity = identity;
    }
}

impl Engine {
    pub(crate) fn store_identity(&self) {
        let writes = self.shared.client.borrow_mut().identity.take_writes();
        for write in &writes {
            self.shared.store.write(write);
        }
    }
}
