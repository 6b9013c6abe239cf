//! The bytes of a finished workbook, the same on every system.

use rust_xlsxwriter::{Workbook, XlsxError};

/// Returns the bytes of a workbook.
///
/// # Errors
/// Those of the crate: a name or a size that no workbook may have.
pub(super) fn saved(workbook: &mut Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut package = workbook.save_to_buffer()?;
    name_one_system(&mut package);
    Ok(package)
}

/// The entries of the list at the end of an archive, and the end of that list (APPNOTE.TXT, 4.3.12 and 4.3.16).
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
/// Where an entry names the system that made it, and the number of Unix.
const SYSTEM: usize = 5;
const UNIX: u8 = 3;

/// Lets every part be made on Unix: the crate names the system that it runs on, and the same document would have other bytes on
/// Windows.
fn name_one_system(package: &mut [u8]) {
    let number = |package: &[u8], at: usize| Some(usize::from(u16::from_le_bytes(*package.get(at..)?.first_chunk()?)));
    let Some(end) = package.len().checked_sub(END_LENGTH).filter(|end| package[*end..].starts_with(END)) else {
        return;
    };
    let list = package.get(end + 16..).and_then(|bytes| bytes.first_chunk()).copied().map(u32::from_le_bytes);
    let mut next = list.and_then(|list| usize::try_from(list).ok());
    while let Some(at) = next.filter(|at| package.get(*at..).is_some_and(|entry| entry.starts_with(ENTRY))) {
        if let Some(system) = package.get_mut(at + SYSTEM) {
            *system = UNIX;
        }
        // Behind the 46 bytes of an entry stand its name, more of it, and a comment.
        let lengths = [28, 30, 32].map(|field| number(package, at + field));
        next = lengths.into_iter().sum::<Option<usize>>().map(|length| at + 46 + length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_of_windows_has_the_bytes_of_unix() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("问题").unwrap();
        let here = saved(&mut workbook).unwrap();
        let entries: Vec<usize> = (0..here.len()).filter(|at| here[*at..].starts_with(ENTRY)).collect();
        assert!(entries.len() > 5, "{entries:?}");
        let mut on_windows = here.clone();
        for at in entries {
            assert_eq!(on_windows[at + SYSTEM], UNIX);
            on_windows[at + SYSTEM] = 0;
        }
        assert_ne!(on_windows, here);
        name_one_system(&mut on_windows);
        assert_eq!(on_windows, here);
        // What is no archive is left as it is.
        for broken in [&b""[..], b"PK\x05\x06", &here[..here.len() - 1]] {
            let mut bytes = broken.to_vec();
            name_one_system(&mut bytes);
            assert_eq!(bytes, broken);
        }
    }
}
