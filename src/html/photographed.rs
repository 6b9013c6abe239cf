//! Photos: those of a row beside each other, on a phone below each other.

use std::fmt::Write as _;

use super::HtmlPage;
use super::escape::{escape, escape_on_one_line};
use crate::document::photo::PhotoRoom;
use crate::document::{Photo, PhotoCell, Photos};
use crate::picture::Picture;

impl HtmlPage<'_, '_> {
    /// Writes photos into the page: it stays one file. Each is read when it is written, and not kept.
    pub(super) fn photos(&mut self, photos: &Photos) {
        let (count, room) = (photos.width(), photos.room());
        if count == 0 {
            return;
        }
        self.html.push_str("<div class=\"photos\">\n");
        if let Some(caption) = &photos.caption {
            self.element("p", "over", &escape(caption));
        }
        for cells in &photos.rows {
            let _ = writeln!(self.html, "<div class=\"row\" style=\"--n:{count};--column:{}mm\">", room.column);
            for at in 0..count {
                let name = photos.header.get(at).map_or("", |name| name.trim());
                match cells.get(at) {
                    Some(PhotoCell::Photo(photo)) => self.photo(photo, name, room),
                    Some(PhotoCell::Text(text)) => self.in_place_of_photo(name, text),
                    None => self.in_place_of_photo(name, ""),
                }
            }
            self.html.push_str("</div>\n");
        }
        self.html.push_str("</div>\n");
    }

    fn photo(&mut self, photo: &Photo, name: &str, room: PhotoRoom) {
        self.html.push_str("<figure>\n");
        self.name_of_column(name);
        match self.reader.read(photo, room, self.lang) {
            Ok(picture) => {
                let style = format!(" style=\"width:{:.1}mm\"", room.printed(picture.size).0);
                self.image(&picture, &photo.alt(self.lang), &style);
                self.html.push('\n');
            }
            Err(text) => self.element("p", "", &escape(&text)),
        }
        let label = photo.label(self.lang);
        if !label.is_empty() {
            self.element("figcaption", "", &escape(&label));
        }
        self.html.push_str("</figure>\n");
    }

    /// Writes a picture into the page. `style` is an attribute of its element.
    pub(super) fn image(&mut self, picture: &Picture, alt: &str, style: &str) {
        let (width, height) = picture.size;
        let _ = write!(
            self.html,
            "<img width=\"{width}\" height=\"{height}\"{style} decoding=\"async\" alt=\"{}\" src=\"data:image/{};base64,",
            escape_on_one_line(alt),
            picture.format
        );
        self.spool.add(&std::mem::take(&mut self.html), &picture.bytes);
        self.html.push_str("\">");
    }

    fn in_place_of_photo(&mut self, name: &str, text: &str) {
        // A place for a photo to be put in by hand, on paper.
        let class = if text.trim().is_empty() { "none blank" } else { "none" };
        let _ = writeln!(self.html, "<div class=\"{class}\">");
        self.name_of_column(name);
        self.element("p", "", &escape(text));
        self.html.push_str("</div>\n");
    }

    fn name_of_column(&mut self, name: &str) {
        if !name.is_empty() {
            self.element("p", "name-of", &escape(name));
        }
    }
}
