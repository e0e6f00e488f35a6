//! Cuts texts at an ASCII byte. The searches of the standard library take any pattern, and would
//! make the wasm 160 bytes (brotli) larger.

/// The texts before and after the first `at`.
pub fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// The texts between one `at` and the next, as `str::split` gives them.
pub fn pieces(text: &str, at: u8) -> Pieces<'_> {
    Pieces {
        rest: Some(text),
        at,
    }
}

/// The iterator of [`pieces`].
#[derive(Debug)]
pub struct Pieces<'a> {
    rest: Option<&'a str>,
    at: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (piece, rest) = match cut(rest, self.at) {
            Some((piece, rest)) => (piece, Some(rest)),
            None => (rest, None),
        };
        self.rest = rest;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_cut_as_by_the_standard_library(text in "[a.;ü ]{0,20}") {
            for at in [b'.', b';', b' '] {
                let char = char::from(at);
                prop_assert_eq!(cut(&text, at), text.split_once(char));
                let expected: Vec<&str> = text.split(char).collect();
                prop_assert_eq!(pieces(&text, at).collect::<Vec<_>>(), expected);
            }
        }
    }
}
