//! Segment's ecommerce spec, version 2: <https://segment.com/docs/connections/spec/ecommerce/v2/>.

use serde_json::Value;

use crate::event::{Event, Object, text};
use crate::money;

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $(| $alias:literal)*;)*) => {
        /// An event of the spec.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EcommerceEvent {
            $($(#[$doc])* $variant,)*
        }

        impl EcommerceEvent {
            /// All of them, in the order of the spec.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in the spec.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The event with this name, in any case and with spaces or underscores, or with the
            /// name that it had in version 1 of the spec.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                let name = name.trim().replace('_', " ");
                $(if [$name, $($alias),*].iter().any(|known| name.eq_ignore_ascii_case(known)) {
                    return Some(Self::$variant);
                })*
                None
            }
        }
    };
}

events! {
    /// The visitor searched.
    ProductsSearched = "Products Searched" | "Searched Products";
    /// A list or category was seen.
    ProductListViewed = "Product List Viewed" | "Viewed Product Category";
    /// A list was narrowed.
    ProductListFiltered = "Product List Filtered";
    /// A promotion was seen.
    PromotionViewed = "Promotion Viewed" | "Viewed Promotion";
    /// A promotion was clicked.
    PromotionClicked = "Promotion Clicked" | "Clicked Promotion";
    /// A product was clicked.
    ProductClicked = "Product Clicked" | "Clicked Product";
    /// A product's details were seen.
    ProductViewed = "Product Viewed" | "Viewed Product";
    /// A product was put into the cart.
    ProductAdded = "Product Added" | "Added Product";
    /// A product was taken out of the cart.
    ProductRemoved = "Product Removed" | "Removed Product";
    /// The cart was seen.
    CartViewed = "Cart Viewed" | "Viewed Cart";
    /// The checkout began.
    CheckoutStarted = "Checkout Started" | "Started Checkout";
    /// A step of the checkout was seen.
    CheckoutStepViewed = "Checkout Step Viewed" | "Viewed Checkout Step";
    /// A step of the checkout was done.
    CheckoutStepCompleted = "Checkout Step Completed" | "Completed Checkout Step";
    /// The means of payment was chosen.
    PaymentInfoEntered = "Payment Info Entered" | "Entered Payment Info";
    /// An order was changed.
    OrderUpdated = "Order Updated" | "Updated Order";
    /// An order was placed.
    OrderCompleted = "Order Completed" | "Completed Order" | "Order Placed";
    /// An order was refunded, or a part of it.
    OrderRefunded = "Order Refunded" | "Refunded Order";
    /// An order was cancelled.
    OrderCancelled = "Order Cancelled" | "Order Canceled" | "Cancelled Order";
    /// A coupon's code was entered.
    CouponEntered = "Coupon Entered" | "Entered Coupon";
    /// A coupon was accepted.
    CouponApplied = "Coupon Applied" | "Applied Coupon";
    /// A coupon was turned away.
    CouponDenied = "Coupon Denied" | "Denied Coupon";
    /// A coupon was taken back.
    CouponRemoved = "Coupon Removed" | "Removed Coupon";
    /// A product was put onto the wishlist.
    ProductAddedToWishlist = "Product Added to Wishlist" | "Added Product to Wishlist";
    /// A product was taken off the wishlist.
    ProductRemovedFromWishlist = "Product Removed from Wishlist" | "Removed Product from Wishlist";
    /// A product of the wishlist was put into the cart.
    WishlistProductAddedToCart = "Wishlist Product Added to Cart" | "Added Product to Cart from Wishlist";
    /// A product was shared.
    ProductShared = "Product Shared" | "Shared Product";
    /// The cart was shared.
    CartShared = "Cart Shared" | "Shared Cart";
    /// A product was reviewed.
    ProductReviewed = "Product Reviewed" | "Reviewed Product";
}

/// Most products of an order that have an event of their own.
const MOST_PRODUCTS: usize = 200;

/// A product of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product<'e>(pub(crate) &'e Object);

impl Product<'_> {
    /// The product's id, otherwise its SKU.
    pub(crate) fn id(self) -> Option<String> {
        self.text(&["product_id", "productId", "id", "sku"])
    }

    /// Whether it tells what it is or what it costs.
    fn tells_something(self) -> bool {
        self.id().is_some() || self.text(&["name"]).is_some() || self.price().is_some()
    }

    /// The first of these members that is a text.
    pub(crate) fn text(self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.0.get(*name).and_then(text))
    }

    /// The price of one piece.
    pub(crate) fn price(self) -> Option<f64> {
        money::first(self.0, &["price"])
    }

    /// How many pieces; one, where it is not told.
    pub(crate) fn quantity(self) -> f64 {
        let told = money::first(self.0, &["quantity"]);
        told.filter(|quantity| *quantity > 0.0).unwrap_or(1.0)
    }
}

/// The products of an event: its list, otherwise the one that its properties describe.
pub(crate) fn products<'e>(event: &'e Event<'_>) -> Vec<Product<'e>> {
    let properties = event.properties();
    if let Some(list) = properties.get("products").and_then(Value::as_array) {
        return list
            .iter()
            .filter_map(Value::as_object)
            .map(Product)
            .collect();
    }
    let one = Product(properties);
    match one.id() {
        Some(_) => vec![one],
        None => Vec::new(),
    }
}

/// Those of an order that have an event of their own, with their place in the order: GA4's limit of
/// items serves all, as each repeats what is known of the visitor. One that tells neither what it
/// is nor what it costs has none.
pub(crate) fn each_product<'e>(event: &'e Event<'_>) -> impl Iterator<Item = (usize, Product<'e>)> {
    let products = products(event).into_iter().take(MOST_PRODUCTS).enumerate();
    products.filter(|(_, product)| product.tells_something())
}

/// The worth of an event: what it says itself, otherwise price times quantity of all products. A
/// list that is looked at is worth nothing by itself.
pub(crate) fn value(event: &Event<'_>) -> Option<f64> {
    // `total` has taxes and shipping, `revenue` has not: what the customer pays comes first.
    let told = money::first(event.properties(), &["total", "value", "revenue"]);
    let is_list = matches!(
        event.ecommerce(),
        Some(EcommerceEvent::ProductListViewed | EcommerceEvent::ProductListFiltered)
    );
    if told.is_some() || is_list {
        return told;
    }
    let products = products(event);
    let prices = products
        .iter()
        .filter_map(|product| Some(product.price()? * product.quantity()));
    prices.reduce(|sum, price| sum + price)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_by_its_old_and_new_names() {
        for event in EcommerceEvent::ALL {
            assert_eq!(EcommerceEvent::from_name(event.name()), Some(*event));
        }
        let order = Some(EcommerceEvent::OrderCompleted);
        assert_eq!(EcommerceEvent::from_name("Completed Order"), order);
        assert_eq!(EcommerceEvent::from_name("order_placed"), order);
        assert_eq!(EcommerceEvent::from_name("Order"), None);
    }
}
