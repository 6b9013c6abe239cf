//! Reads tables of photos.

use comrak::nodes::{AstNode, NodeValue};

use super::Reader;
use super::drawn::PHOTO;
use crate::document::photo::is_photo_id;
use crate::document::text::permitted;
use crate::document::{Photo, PhotoCell, Photos};

impl Reader<'_> {
    /// Reads a table of photos.
    pub(super) fn photos<'n>(&mut self, node: &'n AstNode<'n>, caption: Option<String>) -> Photos {
        let mut photos = Photos { caption, ..Photos::default() };
        let columns = if let NodeValue::Table(table) = &node.data.borrow().value { table.num_columns } else { 0 };
        for row in node.children() {
            if matches!(row.data.borrow().value, NodeValue::TableRow(true)) {
                photos.header = row.children().map(|cell| self.cell_text(cell)).collect();
                continue;
            }
            self.check_length(row, columns);
            let cells = row.children().map(|cell| match photo_of(cell) {
                Some((image, id)) => {
                    PhotoCell::Photo(Photo { id, caption: self.cell_text(image).trim().to_owned(), number: None })
                }
                None => PhotoCell::Text(self.cell_text(cell)),
            });
            photos.rows.push(cells.collect());
        }
        photos
    }

    fn cell_text<'n>(&mut self, node: &'n AstNode<'n>) -> String {
        let inlines = self.inlines(node);
        self.title(node, &inlines)
    }
}

/// The only content of a cell if it is a photo, with its id.
fn photo_of<'n>(cell: &'n AstNode<'n>) -> Option<(&'n AstNode<'n>, String)> {
    let mut children = cell.children();
    let (image, None) = (children.next()?, children.next()) else { return None };
    Some((image, id_of(image)?))
}

/// The id of a photo.
pub(super) fn id_of<'n>(image: &'n AstNode<'n>) -> Option<String> {
    let data = image.data.borrow();
    let NodeValue::Image(link) = &data.value else { return None };
    let address = permitted(&link.url);
    let id = address.strip_prefix(PHOTO).filter(|id| is_photo_id(id) && link.title.is_empty())?;
    Some(id.to_owned())
}
