//! GA4's events of ecommerce.

use serde_json::Value;

use super::VALUE_CHARS;
use crate::context::{put, shortened};
use crate::ecommerce::{EcommerceEvent, Product, products, value};
use crate::event::{Event, Object};
use crate::money;
use crate::stable_id;

/// An event has 200 items at most:
/// <https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events#limitations>.
const MOST_ITEMS: usize = 200;

/// GA4's own event for one of ecommerce:
/// <https://developers.google.com/analytics/devguides/collection/ga4/ecommerce>.
pub(super) fn standard(kind: EcommerceEvent, event: &Event<'_>) -> Option<(String, Object)> {
    use EcommerceEvent as E;

    let properties = event.properties();
    let mut params = Object::new();
    let name = match kind {
        E::ProductsSearched => {
            put(&mut params, "search_term", event.property("query"));
            return Some(("search".to_owned(), params));
        }
        E::ProductListViewed | E::ProductListFiltered => "view_item_list",
        E::ProductClicked => "select_item",
        E::ProductViewed => "view_item",
        E::ProductAdded | E::WishlistProductAddedToCart => "add_to_cart",
        E::ProductRemoved => "remove_from_cart",
        E::ProductAddedToWishlist => "add_to_wishlist",
        E::CartViewed => "view_cart",
        E::CheckoutStarted => "begin_checkout",
        E::CheckoutStepCompleted if properties.contains_key("shipping_method") => {
            put(
                &mut params,
                "shipping_tier",
                event.property("shipping_method"),
            );
            "add_shipping_info"
        }
        E::PaymentInfoEntered => {
            put(
                &mut params,
                "payment_type",
                event.property("payment_method"),
            );
            "add_payment_info"
        }
        E::OrderCompleted => "purchase",
        E::OrderRefunded => "refund",
        E::PromotionViewed => "view_promotion",
        E::PromotionClicked => "select_promotion",
        E::ProductShared => {
            put(&mut params, "method", event.property("share_via"));
            put(&mut params, "item_id", event.property("product_id"));
            return Some(("share".to_owned(), params));
        }
        _ => return None,
    };
    match kind {
        E::OrderCompleted | E::OrderRefunded => {
            // A purchase is counted once for each transaction_id:
            // https://support.google.com/analytics/answer/12313109
            let order_id = event
                .property("order_id")
                .or_else(|| event.property("orderId"));
            let id = order_id.unwrap_or_else(|| stable_id::uuid(event.message_id, ""));
            put(&mut params, "transaction_id", Some(id));
            put(&mut params, "affiliation", event.property("affiliation"));
            for name in ["tax", "shipping"] {
                let value = money::first(properties, &[name]).map(money::amount);
                put(&mut params, name, value);
            }
        }
        E::ProductListViewed | E::ProductListFiltered | E::ProductClicked => {
            put(&mut params, "item_list_id", event.property("list_id"));
            let name = event
                .property("list")
                .or_else(|| event.property("category"));
            put(&mut params, "item_list_name", name);
        }
        E::PromotionViewed | E::PromotionClicked => {
            put(&mut params, "promotion_id", event.property("promotion_id"));
            put(&mut params, "promotion_name", event.property("name"));
            put(&mut params, "creative_name", event.property("creative"));
            put(&mut params, "creative_slot", event.property("position"));
            return Some((name.to_owned(), params));
        }
        _ => {}
    }
    put(&mut params, "coupon", event.property("coupon"));
    // "If you set value then currency is required".
    let currency = money::currency(event);
    if let (Some(currency), Some(value)) = (&currency, value(event)) {
        put(&mut params, "currency", Some(currency.clone()));
        put(&mut params, "value", Some(money::amount(value)));
    }
    let items = products(event).into_iter().take(MOST_ITEMS);
    let items: Vec<Value> = items.filter_map(item).collect();
    // Without items a refund is of the whole order.
    if !items.is_empty() {
        params.insert("items".to_owned(), Value::Array(items));
    }
    Some((name.to_owned(), params))
}

/// An item needs an id or a name.
fn item(product: Product<'_>) -> Option<Value> {
    let mut item = Object::new();
    let text = |names: &[&str]| {
        product
            .text(names)
            .map(|text| shortened(&text, VALUE_CHARS).to_owned())
    };
    put(
        &mut item,
        "item_id",
        product
            .id()
            .map(|id| shortened(&id, VALUE_CHARS).to_owned()),
    );
    put(&mut item, "item_name", text(&["name"]));
    if item.is_empty() {
        return None;
    }
    put(&mut item, "item_brand", text(&["brand"]));
    put(&mut item, "item_category", text(&["category"]));
    put(&mut item, "item_variant", text(&["variant"]));
    put(&mut item, "affiliation", text(&["affiliation"]));
    put(&mut item, "coupon", text(&["coupon"]));
    put(&mut item, "price", product.price().map(money::amount));
    put(
        &mut item,
        "quantity",
        Some(money::amount(product.quantity())),
    );
    let discount = money::first(product.0, &["discount"]).map(money::amount);
    put(&mut item, "discount", discount);
    put(
        &mut item,
        "index",
        money::first(product.0, &["position"]).map(money::amount),
    );
    Some(Value::Object(item))
}
