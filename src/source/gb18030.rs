//! Text in GB18030 as nearly all of it is: ASCII and characters of two bytes. Both are decoded by a table, several times
//! as fast as by the library, which gets whatever else there is.

use std::sync::LazyLock;

use encoding_rs::GB18030;

/// The second byte of a character is one of so many, from 0x40.
const TRAILS: usize = 0xff - 0x40;
const FIRST_LEAD: u8 = 0x81;
const LEADS: usize = 0xff - FIRST_LEAD as usize;

/// The UTF-8 of each pair of bytes, and its length in the last byte; 0 where there is none.
static PAIRS: LazyLock<Box<[[u8; 4]]>> = LazyLock::new(|| {
    let mut pairs = vec![[0; 4]; LEADS * TRAILS].into_boxed_slice();
    let bytes = (FIRST_LEAD..=0xfe).flat_map(|lead| (0x40..=0xfe).map(move |trail| [lead, trail]));
    for (bytes, pair) in bytes.zip(pairs.iter_mut()) {
        let text = GB18030.decode_without_bom_handling_and_without_replacement(&bytes).unwrap_or_default();
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && c.len_utf8() < 4
            && is_pair(bytes[0], bytes[1])
        {
            c.encode_utf8(pair);
            pair[3] = u8::try_from(c.len_utf8()).unwrap_or_default();
        }
    }
    pairs
});

/// Whether two bytes have the form of a character.
pub(super) fn is_pair(lead: u8, trail: u8) -> bool {
    matches!(lead, FIRST_LEAD..=0xfe) && matches!(trail, 0x40..=0x7e | 0x80..=0xfe)
}

/// The length of the ASCII at the beginning of some bytes.
fn ascii_length(bytes: &[u8]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = 0;
    for word in bytes.chunks_exact(8) {
        let word = word.try_into().map_or(HIGH, u64::from_le_bytes);
        if word & HIGH != 0 {
            return at + (word & HIGH).trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// Decodes plain text up to something that is not plain, an incomplete character, or the end of the room. Returns the
/// number of bytes read and written.
pub(super) fn decode_plain(input: &[u8], out: &mut [u8]) -> (usize, usize) {
    let pairs = &**PAIRS;
    let (mut read, mut written) = (0, 0);
    loop {
        match input[read..] {
            [byte, ..] if byte.is_ascii() => {
                let rest = &input[read..];
                let length = ascii_length(&rest[..rest.len().min(out.len() - written)]);
                if length == 0 {
                    return (read, written);
                }
                out[written..written + length].copy_from_slice(&rest[..length]);
                read += length;
                written += length;
            }
            [lead @ FIRST_LEAD..=0xfe, trail @ 0x40..=0xfe, ..] => {
                let at = usize::from(lead - FIRST_LEAD) * TRAILS + usize::from(trail - 0x40);
                let [a, b, c, length] = pairs[at];
                // A character is written with a byte too many, over which the next one is written.
                let Some(room) = out.get_mut(written..written + 3).filter(|_| length > 0) else {
                    return (read, written);
                };
                room.copy_from_slice(&[a, b, c]);
                read += 2;
                written += usize::from(length);
            }
            _ => return (read, written),
        }
    }
}

/// The length of a character of four bytes at the beginning of some bytes, if it is one.
pub(super) fn four_bytes(input: &[u8]) -> Option<usize> {
    matches!(input, [0x81..=0xfe, b'0'..=b'9', 0x81..=0xfe, b'0'..=b'9', ..]).then_some(4)
}

/// Decodes a text into a buffer, if all of it is plain; returns how much of the buffer it fills.
pub(super) fn decode_all(input: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    // A pair becomes three bytes at most.
    let most = input.len() + input.len() / 2 + 8;
    if out.len() < most {
        out.resize(most, 0);
    }
    let (read, written) = decode_plain(input, out);
    (read == input.len()).then_some(written)
}

/// What [`skip_plain`] went over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PlainRun {
    /// Its length in bytes.
    pub(super) length: usize,
    /// The number of characters of two bytes.
    pub(super) pairs: u64,
    /// Whether it ends with a Latin letter.
    pub(super) ends_with_letter: bool,
}

/// Goes over plain text whose pairs have no Latin letter, up to something else, or a first byte at the very end.
pub(super) fn skip_plain(input: &[u8]) -> PlainRun {
    let mut run = PlainRun::default();
    loop {
        match input[run.length..] {
            [byte, ..] if byte.is_ascii() => {
                run.length += ascii_length(&input[run.length..]);
                run.ends_with_letter = input[run.length - 1].is_ascii_alphabetic();
            }
            [lead, trail, ..] if is_pair(lead, trail) && !trail.is_ascii_alphabetic() => {
                run.length += 2;
                run.pairs += 1;
                run.ends_with_letter = false;
            }
            _ => return run,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Decodes plain text, and says how much of it is plain.
    fn decoded(bytes: &[u8], room: usize) -> (String, usize) {
        let (mut text, mut at) = (Vec::new(), 0);
        loop {
            let mut out = vec![0; room];
            let (read, written) = decode_plain(&bytes[at..], &mut out);
            text.extend_from_slice(&out[..written]);
            at += read;
            if read == 0 {
                return (String::from_utf8(text).unwrap(), at);
            }
        }
    }

    #[test]
    fn all_pairs_are_those_of_the_library() {
        let mut plain = 0;
        for lead in 0..=255_u8 {
            for trail in 0..=255_u8 {
                let bytes = [lead, trail, b'.'];
                let (text, read) = decoded(&bytes, 9);
                let known = GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
                if read == 3 {
                    assert_eq!(known.as_deref(), Some(text.as_str()), "{bytes:x?}");
                    plain += 1;
                } else if is_pair(lead, trail) {
                    panic!("{bytes:x?} is no plain pair");
                }
            }
        }
        assert_eq!(plain, 126 * 190 + 128 * 128);
    }

    proptest! {
        /// What is plain is decoded as by the library, whatever the room for it, and what is skipped is plain.
        #[test]
        fn plain_text_is_decoded_as_by_the_library(
            text in "[a-c,\\n甲乙囧镕“€ü😀é]{0,40}",
            room in 3..40_usize,
            broken in any::<u8>(),
            at in 0..80_usize,
        ) {
            let mut bytes = GB18030.encode(&text).0.into_owned();
            if at < bytes.len() {
                bytes[at] = broken;
            }
            let (plain, read) = decoded(&bytes, room);
            let known = GB18030.decode_without_bom_handling_and_without_replacement(&bytes[..read]);
            prop_assert_eq!(known.as_deref(), Some(plain.as_str()));
            let run = skip_plain(&bytes);
            prop_assert!(run.length <= read);
            prop_assert_eq!(plain.chars().take_while(char::is_ascii).count() <= run.length, true);
        }
    }
}
