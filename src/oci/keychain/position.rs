//! Where a value stands in a JSON text that is known to be good: `serde_json` does not tell.

/// Line and column, from 1, of the value at a path of keys; of the nearest one that is there.
pub(super) fn find(text: &str, path: &[&str]) -> (usize, usize) {
    let mut scanner = Scanner { text, at: 0 };
    scanner.space();
    for key in path {
        if !scanner.enter(key) {
            break;
        }
    }
    let before = &text[..scanner.at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b':')) {
            self.at += 1;
        }
    }

    /// From the start of an object to the value of one of its keys; stays where there is none.
    fn enter(&mut self, key: &str) -> bool {
        let start = self.at;
        if self.peek() == Some(b'{') {
            self.at += 1;
            loop {
                self.space();
                if self.peek() != Some(b'"') {
                    break;
                }
                let from = self.at;
                self.skip();
                let found = serde_json::from_str::<String>(&self.text[from..self.at]).is_ok_and(|name| name == key);
                self.space();
                if found {
                    return true;
                }
                self.skip();
            }
        }
        self.at = start;
        false
    }

    /// Past one value.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    if depth == 0 {
                        return;
                    }
                    depth -= 1;
                    self.at += 1;
                }
                b',' if depth == 0 => return,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn values_are_found_by_their_keys() {
        let text = "{\n  \"a\": {\"x\\\"}\": [1, {\"b\": 2}], \"b\": 3},\n  \"auths\" : {\n    \"h/x\": {\"auth\": true}\n  }\n}";
        for (path, expect) in [
            (&["a", "b"][..], (2, 37)),
            (&["auths"], (3, 13)),
            (&["auths", "h/x", "auth"], (4, 21)),
            (&["auths", "h/x", "none"], (4, 12)),
            (&["none"], (1, 1)),
        ] {
            assert_eq!(find(text, path), expect, "{path:?}");
        }
    }
}
