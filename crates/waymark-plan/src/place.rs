//! Where in an event's properties a value is.

/// A step on the way to a value.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    /// A member that the plan names.
    Planned(&'a str),
    /// A member that it does not name.
    Unplanned(&'a str),
    /// An element of an array.
    Element(usize),
}

/// A value's place: a step from the place of what holds it, or the properties themselves. It is
/// written down only where there is a problem.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place<'a>(Option<(&'a Place<'a>, Step<'a>)>);

impl<'a> Place<'a> {
    /// The place of a member that the plan names.
    pub(crate) fn planned(&'a self, name: &'a str) -> Self {
        Self(Some((self, Step::Planned(name))))
    }

    /// The place of a member that the plan does not name.
    pub(crate) fn unplanned(&'a self, name: &'a str) -> Self {
        Self(Some((self, Step::Unplanned(name))))
    }

    /// The place of an element.
    pub(crate) fn element(&'a self, at: usize) -> Self {
        Self(Some((self, Step::Element(at))))
    }

    /// The path, such as `products[0].price`.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps() {
            match step {
                Step::Planned(name) | Step::Unplanned(name) => push_name(&mut path, name),
                Step::Element(at) => path.push_str(&format!("[{at}]")),
            }
        }
        path
    }

    /// The path without what only the event says, such as `products[].price` and `products[].*`.
    pub(crate) fn rule(&self) -> String {
        let mut path = String::new();
        for step in self.steps() {
            match step {
                Step::Planned(name) => push_name(&mut path, name),
                Step::Unplanned(_) => push_name(&mut path, "*"),
                Step::Element(_) => path.push_str("[]"),
            }
        }
        path
    }

    fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let mut place = *self;
        while let Some((holder, step)) = place.0 {
            steps.push(step);
            place = *holder;
        }
        steps.reverse();
        steps
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}
