//! Splits a file into pages of lines, so that no request and no transaction is large.

use std::io::{BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;

use crate::limits::{IMPORT_LINE_MAX_BYTES, IMPORT_PAGE_BYTES, IMPORT_PAGE_LINES};

/// How a file that is compressed by gzip begins (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Some lines of a file.
#[derive(Debug)]
pub(crate) struct Page {
    /// How many lines of the file come before it.
    pub(crate) n_before: usize,
    /// The lines, without those that are too long: these are empty.
    pub(crate) text: String,
    /// The numbers of the lines that are too long.
    pub(crate) too_long: Vec<usize>,
}

/// The pages of a file, which may be compressed by gzip.
pub(crate) struct Pages {
    from: Box<dyn BufRead>,
    n_lines: usize,
}

impl Pages {
    /// Reads from here.
    ///
    /// # Errors
    /// When nothing can be read.
    pub(crate) fn of(file: impl Read + 'static) -> std::io::Result<Self> {
        let mut file = BufReader::new(file);
        let from: Box<dyn BufRead> = if file.fill_buf()?.starts_with(&GZIP) {
            Box::new(BufReader::new(MultiGzDecoder::new(file)))
        } else {
            Box::new(file)
        };
        Ok(Self { from, n_lines: 0 })
    }

    /// The next page, unless the file is at its end.
    ///
    /// # Errors
    /// When the file cannot be read or decompressed.
    pub(crate) fn next(&mut self) -> std::io::Result<Option<Page>> {
        let n_before = self.n_lines;
        let mut bytes = Vec::new();
        let mut too_long = Vec::new();
        while bytes.len() < IMPORT_PAGE_BYTES && self.n_lines - n_before < IMPORT_PAGE_LINES {
            let begin = bytes.len();
            if !self.read_line(&mut bytes)? {
                break;
            }
            self.n_lines += 1;
            if bytes.len() - begin > IMPORT_LINE_MAX_BYTES && !bytes.ends_with(b"\n") {
                self.skip_line()?;
                bytes.truncate(begin);
                bytes.push(b'\n');
                too_long.push(self.n_lines);
            }
        }
        if self.n_lines == n_before {
            return Ok(None);
        }
        Ok(Some(Page {
            n_before,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            too_long,
        }))
    }

    /// Reads a line, or the part of it that is allowed and a byte. Returns whether there was one.
    fn read_line(&mut self, to: &mut Vec<u8>) -> std::io::Result<bool> {
        let most = IMPORT_LINE_MAX_BYTES as u64 + 1;
        Ok((&mut self.from).take(most).read_until(b'\n', to)? > 0)
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        let mut skipped = Vec::new();
        while self.read_line(&mut skipped)? && !skipped.ends_with(b"\n") {
            skipped.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn pages_of(bytes: Vec<u8>) -> Vec<Page> {
        let mut pages = Pages::of(Cursor::new(bytes)).unwrap();
        let mut all = Vec::new();
        while let Some(page) = pages.next().unwrap() {
            all.push(page);
        }
        all
    }

    #[test]
    fn lines_keep_their_numbers_over_pages_and_members_of_gzip() {
        let line = |number: usize| format!("{number}\n");
        let plain: String = (1..=IMPORT_PAGE_LINES + 2).map(line).collect();
        let mut packed = Vec::new();
        for half in [&plain[..plain.len() / 2], &plain[plain.len() / 2..]] {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(half.as_bytes()).unwrap();
            packed.extend(encoder.finish().unwrap());
        }
        for bytes in [plain.clone().into_bytes(), packed] {
            let pages = pages_of(bytes);
            assert_eq!(pages.len(), 2);
            let text: String = pages.iter().map(|page| page.text.as_str()).collect();
            assert_eq!(text, plain);
            assert_eq!(pages[1].n_before, IMPORT_PAGE_LINES);
        }
    }

    #[test]
    fn a_line_that_is_too_long_leaves_an_empty_one() {
        let long = "x".repeat(3 * IMPORT_LINE_MAX_BYTES);
        let just = "y".repeat(IMPORT_LINE_MAX_BYTES);
        for end in ["", "\n"] {
            let pages = pages_of(format!("a\n{long}\n{just}\n{long}{end}").into_bytes());
            let text: String = pages.iter().map(|page| page.text.as_str()).collect();
            assert!(text == format!("a\n\n{just}\n\n"), "{} bytes", text.len());
            let too_long: Vec<_> = pages
                .iter()
                .flat_map(|page| page.too_long.clone())
                .collect();
            assert_eq!(too_long, [2, 4]);
        }
        assert!(pages_of(Vec::new()).is_empty());
    }

    #[test]
    fn a_file_that_is_cut_short_is_an_error() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"a\nb\n").unwrap();
        let mut packed = encoder.finish().unwrap();
        packed.truncate(packed.len() - 4);
        assert!(Pages::of(Cursor::new(packed)).unwrap().next().is_err());
    }
}
