//! What an order becomes: an `Order Completed` of Segment's ecommerce spec.

use serde_json::{Value, json};

use crate::ids::order_message_id;
use crate::json::{Object, list, object, put, text};
use crate::limits::EVENT_MAX_BYTES;
use crate::money::{Amount, cents_of, digits_of};
use crate::options::{Options, OrderId, UserId};

/// The event's name.
pub(crate) const ORDER_COMPLETED: &str = "Order Completed";

/// The event of an order, without `context`, if the order has an id.
pub(crate) fn completed(order: &Object, options: &Options) -> Option<Object> {
    let id = text(order, "id");
    let order_id = match options.order_id {
        OrderId::Number => text(order, "orderNumber").or(id),
        OrderId::Id => id,
    }?;
    let mut event = Object::new();
    event.insert("type".to_owned(), json!("track"));
    event.insert("event".to_owned(), json!(ORDER_COMPLETED));
    let message_id = order_message_id(ORDER_COMPLETED, order_id);
    event.insert("messageId".to_owned(), message_id.into());
    name_buyer(&mut event, order, order_id, options);
    let at = text(order, "completedAt").or_else(|| text(order, "createdAt"));
    put(&mut event, "timestamp", at);
    event.insert("properties".to_owned(), properties(order, order_id).into());
    Some(shortened(event))
}

/// Says whose the order is. An order without a customer is its session's; a purchase is never lost
/// for want of a name.
fn name_buyer(event: &mut Object, order: &Object, order_id: &str, options: &Options) {
    let customer = text(order, "customerId");
    let user = match options.user_id {
        UserId::Email => text(order, "customerEmail").map(|email| options.email(email)),
        UserId::Id => customer.map(str::to_owned),
        UserId::ExternalId | UserId::CustomerNumber => None,
    };
    let anonymous = match customer {
        Some(customer) => (options.user_id != UserId::Id).then_some(customer),
        None => text(order, "anonymousId"),
    };
    let named = user.is_some() || anonymous.is_some();
    put(event, "userId", user);
    put(
        event,
        "anonymousId",
        anonymous.or((!named).then_some(order_id)),
    );
}

fn properties(order: &Object, order_id: &str) -> Object {
    let mut known = Object::new();
    known.insert("order_id".to_owned(), order_id.into());
    let store = object(order, "store");
    put(
        &mut known,
        "affiliation",
        store.and_then(|one| text(one, "key")),
    );
    let total = object(order, "totalPrice");
    let digits = total.and_then(digits_of).unwrap_or(2);
    let currency = total.and_then(|total| text(total, "currencyCode"));
    let sums = Sums::of(order);
    for (name, cents) in [
        ("total", sums.total),
        ("revenue", sums.revenue),
        ("shipping", sums.shipping),
        ("tax", sums.tax),
        ("discount", sums.discount),
    ] {
        let amount = cents.map(|units| Amount { units, digits }.to_json());
        put(&mut known, name, amount);
    }
    put(&mut known, "currency", currency);
    put(&mut known, "coupon", coupon(order));
    let language = Language::of(order);
    let items = list(order, "lineItems").iter().filter_map(Value::as_object);
    let products = items.map(|item| product(item, digits, &language));
    let custom = list(order, "customLineItems").iter();
    let custom = custom.filter_map(Value::as_object);
    let custom = custom.map(|item| custom_product(item, digits, &language));
    let products: Vec<Value> = products
        .chain(custom)
        .zip(1_u64..)
        .map(|(mut product, position)| {
            product.insert("position".to_owned(), position.into());
            Value::Object(product)
        })
        .collect();
    known.insert("products".to_owned(), products.into());
    known
}

/// The amounts of an order, in the smallest unit. With taxes known, revenue and shipping are net,
/// so that revenue, shipping and tax add up to the total.
#[derive(Debug)]
struct Sums {
    total: Option<i64>,
    revenue: Option<i64>,
    shipping: Option<i64>,
    tax: Option<i64>,
    discount: Option<i64>,
}

impl Sums {
    fn of(order: &Object) -> Self {
        let taxed = object(order, "taxedPrice");
        let net = taxed.and_then(|taxed| cents_of(taxed, "totalNet"));
        let gross = taxed.and_then(|taxed| cents_of(taxed, "totalGross"));
        let told_tax = taxed.and_then(|taxed| cents_of(taxed, "totalTax"));
        let total = gross.or_else(|| cents_of(order, "totalPrice"));
        let tax = told_tax.or_else(|| gross?.checked_sub(net?));
        let shipping = shipping(order, net.is_some());
        let goods = net.or(total);
        Self {
            total,
            revenue: goods.and_then(|goods| goods.checked_sub(shipping.unwrap_or(0))),
            shipping,
            tax,
            discount: discount(order),
        }
    }
}

fn shipping(order: &Object, net: bool) -> Option<i64> {
    if net && let Some(taxed) = object(order, "taxedShippingPrice") {
        return cents_of(taxed, "totalNet");
    }
    let of_info = |info: &Object| {
        let taxed = object(info, "taxedPrice").filter(|_| net);
        let discounted = object(info, "discountedPrice");
        taxed
            .and_then(|taxed| cents_of(taxed, "totalNet"))
            .or_else(|| cents_of(discounted?, "value"))
            .or_else(|| cents_of(info, "price"))
    };
    if let Some(info) = object(order, "shippingInfo") {
        return of_info(info);
    }
    let several = list(order, "shipping").iter().filter_map(Value::as_object);
    let amounts = several.filter_map(|one| of_info(object(one, "shippingInfo")?));
    amounts.reduce(i64::saturating_add)
}

/// What discounts took off the lines and the total, if anything.
fn discount(order: &Object) -> Option<i64> {
    let of_line = |item: &Object| {
        let full = cents_of(price_of(item)?, "value")?;
        let quantity = item.get("quantity")?.as_i64()?;
        full.checked_mul(quantity)?
            .checked_sub(cents_of(item, "totalPrice")?)
    };
    let items = list(order, "lineItems").iter().filter_map(Value::as_object);
    let lines = items.filter_map(of_line).filter(|off| *off > 0);
    let on_total = object(order, "discountOnTotalPrice");
    let on_total = on_total.and_then(|one| cents_of(one, "discountedAmount"));
    let all = lines.chain(on_total).reduce(i64::saturating_add);
    all.filter(|off| *off > 0)
}

/// The price of one piece: the discounted one, if the product has one.
fn price_of(item: &Object) -> Option<&Object> {
    let price = object(item, "price")?;
    Some(object(price, "discounted").unwrap_or(price))
}

/// The code that was redeemed. An order refers to codes by id; it has the code itself where the
/// reference is expanded.
fn coupon(order: &Object) -> Option<&str> {
    let first = list(order, "discountCodes").first()?.as_object()?;
    text(object(object(first, "discountCode")?, "obj")?, "code")
}

fn product(item: &Object, digits: u32, language: &Language) -> Object {
    let mut known = Object::new();
    put(&mut known, "product_id", text(item, "productId"));
    let variant = object(item, "variant");
    put(&mut known, "sku", variant.and_then(|one| text(one, "sku")));
    put(&mut known, "name", language.of_text(item, "name"));
    put(
        &mut known,
        "variant",
        variant.and_then(|one| text(one, "key")),
    );
    let price = price_of(item).and_then(|price| object(price, "value"));
    let price = price.and_then(|value| Amount::precise(value, digits));
    put(&mut known, "price", price.map(Amount::to_json));
    put(&mut known, "quantity", quantity(item));
    let images = variant.map_or(&[][..], |one| list(one, "images"));
    let image = images.first().and_then(Value::as_object);
    put(
        &mut known,
        "image_url",
        image.and_then(|one| text(one, "url")),
    );
    known
}

fn custom_product(item: &Object, digits: u32, language: &Language) -> Object {
    let mut known = Object::new();
    let id = text(item, "key").or_else(|| text(item, "slug"));
    put(&mut known, "product_id", id);
    put(&mut known, "name", language.of_text(item, "name"));
    let price = object(item, "money").and_then(|money| Amount::precise(money, digits));
    put(&mut known, "price", price.map(Amount::to_json));
    put(&mut known, "quantity", quantity(item));
    known
}

fn quantity(item: &Object) -> Option<Value> {
    item.get("quantity").filter(|one| one.is_i64()).cloned()
}

/// The language of an order, for what is told in several.
struct Language {
    locale: Option<String>,
}

impl Language {
    fn of(order: &Object) -> Self {
        Self {
            locale: text(order, "locale").map(str::to_owned),
        }
    }

    /// A text in the order's language, else in English, else in the first there is.
    fn of_text(&self, of: &Object, name: &str) -> Option<String> {
        let texts = object(of, name)?;
        let locale = self.locale.as_deref();
        let language = locale.and_then(|locale| locale.split('-').next());
        let wanted = locale.into_iter().chain(language).chain(["en"]);
        let found = wanted.into_iter().find_map(|one| text(texts, one));
        let first = || texts.keys().find_map(|one| text(texts, one));
        found.or_else(first).map(str::to_owned)
    }
}

/// The event with as many products as it has room for.
fn shortened(mut event: Object) -> Object {
    let size = |event: &Object| serde_json::to_string(event).map_or(0, |text| text.len());
    let over = size(&event).saturating_sub(EVENT_MAX_BYTES);
    if over == 0 {
        return event;
    }
    let properties = event.get_mut("properties").and_then(Value::as_object_mut);
    let Some(properties) = properties else {
        return event;
    };
    let products = properties.get_mut("products").and_then(Value::as_array_mut);
    let Some(products) = products else {
        return event;
    };
    // Room for the count itself.
    let mut left = over + 40;
    let mut n_out = 0_u64;
    while left > 0
        && let Some(product) = products.pop()
    {
        left = left.saturating_sub(product.to_string().len() + 1);
        n_out += 1;
    }
    properties.insert("products_left_out".to_owned(), n_out.into());
    event
}
