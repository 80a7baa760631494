//! UUIDs, by which Netdata 2.x tells its transitions and configurations apart.

use std::fmt;

/// A UUID that is not all zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Uuid(u128);

impl Uuid {
    /// Reads one as Netdata prints it; `None` for anything else, and for zeros: then Netdata has none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut number = 0_u128;
        let mut digits = 0;
        for character in text.chars().filter(|character| *character != '-') {
            number = (number << 4) | u128::from(character.to_digit(16)?);
            digits += 1;
            if digits > 32 {
                return None;
            }
        }
        (digits == 32 && number != 0).then_some(Self(number))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |shift: u32, bits: u32| (self.0 >> shift) & ((1 << bits) - 1);
        let [first, second, third, fourth, last] =
            [part(96, 32), part(80, 16), part(64, 16), part(48, 16), part(0, 48)];
        write!(f, "{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{last:012x}")
    }
}

#[cfg(test)]
mod tests {
    use super::Uuid;

    #[test]
    fn reads_and_prints_as_netdata_does() {
        let text = "03b27439-dd18-407b-b632-7038cec1cbb5";
        assert_eq!(Uuid::parse(text).unwrap().to_string(), text);
        assert_eq!(Uuid::parse(&text.to_uppercase().replace('-', "")).unwrap().to_string(), text);
    }

    #[test]
    fn refuses_anything_else() {
        for text in
            ["", "-", "03b27439", "00000000-0000-0000-0000-000000000000", "+3b27439dd18407bb6327038cec1cbb5"]
        {
            assert_eq!(Uuid::parse(text), None, "{text}");
        }
        assert_eq!(Uuid::parse(&"3".repeat(33)), None);
    }
}
