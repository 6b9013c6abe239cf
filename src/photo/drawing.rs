//! The drawing of a sheet of an `.xlsx` (DrawingML), and the list of WPS's cell pictures, which is one without cells.

use quick_xml::events::BytesStart;

use super::error::PhotoError;
use super::sheet_picture::{Crop, Form, Turn};
use super::xml::{Piece, Take, add, is_true, number, value};
use crate::placement::{Anchor, Corner, Measure, Part, WHOLE};

/// No sheet has more pictures.
pub(super) const MAX_PICTURES: usize = 200_000;

/// A picture as a drawing tells of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawn {
    /// What it is bound to; nothing in a list of cell pictures.
    pub(super) anchor: Option<Anchor>,
    /// Its part of the anchor's rectangle: pictures in a group share one.
    pub(super) part: Part,
    pub(super) form: Form,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) is_hidden: bool,
    pub(super) crop: Crop,
    pub(super) turn: Turn,
    /// The relations that lead to its bytes: within the package, and outside.
    pub(super) embedded: Option<String>,
    pub(super) linked: Option<String>,
}

/// Reads a drawing.
#[derive(Default)]
pub(super) struct Drawing {
    pub(super) found: Vec<Drawn>,
    path: Vec<Tag>,
    /// The number of pictures before the current anchor, and what the anchor says.
    before: usize,
    corners: CornerReader,
    place: Option<(i64, i64)>,
    size: Option<(i64, i64)>,
    groups: Vec<Group>,
    shape: Option<Shape>,
    /// For each choice between versions of the same content: the number of pictures before it.
    choices: Vec<usize>,
    /// The depth within a version that is passed over.
    skipped: usize,
}

/// The elements that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    Anchor,
    Group,
    GroupProperties,
    Shape,
    ShapeProperties,
    Frame,
    Fill,
    Blip,
    Other,
}

/// A shape that is being read.
#[derive(Debug, Default)]
struct Shape {
    is_picture: bool,
    is_named: bool,
    name: String,
    description: String,
    is_hidden: bool,
    crop: Crop,
    turn: Turn,
    frame: Transform,
    embedded: Option<String>,
    linked: Option<String>,
}

/// Where a shape or group says it lies, within its group.
#[derive(Clone, Copy, Debug, Default)]
struct Transform {
    offset: Option<(f64, f64)>,
    size: Option<(f64, f64)>,
    /// For a group: where the rectangle of its members lies, by their own measure.
    inner_offset: Option<(f64, f64)>,
    inner_size: Option<(f64, f64)>,
}

/// A group. The outermost one fills the anchor's rectangle.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    frame: Transform,
    turn: i64,
    is_hidden: bool,
    is_named: bool,
    measure: Option<Measure>,
}

impl Take for Drawing {
    fn take(&mut self, piece: &Piece<'_>) -> Result<(), PhotoError> {
        match piece {
            Piece::Start(element) => self.start(element),
            Piece::End(name) => self.end(name),
            Piece::Text(text) => self.corners.text(text),
        }
        if self.found.len() > MAX_PICTURES {
            return Err(too_many());
        }
        Ok(())
    }
}

pub(super) fn too_many() -> PhotoError {
    PhotoError::TooLarge { what: ("图片的数量", "pictures"), limit: MAX_PICTURES as u64 }
}

impl Drawing {
    fn start(&mut self, element: &BytesStart<'_>) {
        let local = element.local_name();
        let name = local.as_ref();
        if self.skipped > 0 {
            self.skipped += 1;
            return;
        }
        let parent = self.path.last().copied();
        let mut tag = Tag::Other;
        match name {
            "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" | "cellImage" => {
                tag = Tag::Anchor;
                self.before = self.found.len();
                self.corners = CornerReader::default();
                (self.place, self.size) = (None, None);
                self.groups.clear();
            }
            "from" | "to" | "col" | "row" | "colOff" | "rowOff" => self.corners.start(name),
            "pos" if parent == Some(Tag::Anchor) => self.place = pair(element, "x", "y"),
            "ext" if parent == Some(Tag::Anchor) => self.size = pair(element, "cx", "cy"),
            "grpSp" => {
                tag = Tag::Group;
                self.groups.push(Group::default());
            }
            "grpSpPr" => tag = Tag::GroupProperties,
            "pic" | "sp" | "cxnSp" => {
                tag = Tag::Shape;
                self.shape = Some(Shape { is_picture: name == "pic", ..Shape::default() });
            }
            "spPr" => tag = Tag::ShapeProperties,
            "cNvPr" => self.name(element),
            // The fill of a picture is the picture; that of a shape is among its properties.
            "blipFill" => {
                let is_picture = self.shape.as_ref().is_some_and(|shape| shape.is_picture);
                if parent == Some(if is_picture { Tag::Shape } else { Tag::ShapeProperties }) {
                    tag = Tag::Fill;
                }
            }
            "blip" if parent == Some(Tag::Fill) => {
                tag = Tag::Blip;
                if let Some(shape) = &mut self.shape {
                    let id = |name| value(element, name).filter(|id| !id.is_empty());
                    (shape.embedded, shape.linked) = (id("embed"), id("link"));
                }
            }
            "srcRect" if parent == Some(Tag::Fill) => {
                if let Some(shape) = &mut self.shape {
                    let side = |name| number(element, name).unwrap_or(0);
                    let [left, top, right, bottom] = ["l", "t", "r", "b"].map(side);
                    let is_whole = [left, top, right, bottom] == [0; 4];
                    shape.crop = if is_whole { Crop::Whole } else { Crop::Sides { left, top, right, bottom } };
                }
            }
            "xfrm" if matches!(parent, Some(Tag::ShapeProperties | Tag::GroupProperties)) => {
                tag = Tag::Frame;
                self.turn(element, parent == Some(Tag::GroupProperties));
            }
            "off" | "ext" | "chOff" | "chExt" if parent == Some(Tag::Frame) => self.transform(element, name),
            "AlternateContent" => self.choices.push(self.found.len()),
            "Choice" | "Fallback" if self.choices.last().is_some_and(|before| self.found.len() > *before) => {
                self.skipped = 1;
                return;
            }
            _ => {}
        }
        self.path.push(tag);
    }

    fn end(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        self.corners.end(name);
        match self.path.pop() {
            Some(Tag::Anchor) => {
                let anchor = self.anchor();
                self.found.iter_mut().skip(self.before).for_each(|drawn| drawn.anchor = anchor);
                self.before = self.found.len();
            }
            Some(Tag::Group) => drop(self.groups.pop()),
            Some(Tag::GroupProperties) => self.group(),
            Some(Tag::Shape) => self.shape(),
            _ if name == "AlternateContent" => drop(self.choices.pop()),
            _ => {}
        }
    }

    fn anchor(&self) -> Option<Anchor> {
        match (self.corners.from, self.corners.to, self.place, self.size) {
            (Some(from), Some(to), ..) => Some(Anchor::Corners(from, to)),
            (Some(from), None, _, size) => Some(Anchor::Sized(from, size.unwrap_or_default())),
            (None, _, Some(place), size) => Some(Anchor::Page(place, size.unwrap_or_default())),
            (None, ..) => None,
        }
    }

    /// The name of a shape, or of a group.
    fn name(&mut self, element: &BytesStart<'_>) {
        let is_hidden = is_true(element, "hidden");
        match (&mut self.shape, self.groups.last_mut()) {
            (Some(shape), _) if !shape.is_named => {
                shape.is_named = true;
                shape.is_hidden = is_hidden;
                shape.name = value(element, "name").unwrap_or_default();
                let description = value(element, "descr").filter(|text| !text.is_empty());
                shape.description = description.or_else(|| value(element, "title")).unwrap_or_default();
            }
            (None, Some(group)) if !group.is_named => (group.is_named, group.is_hidden) = (true, is_hidden),
            _ => {}
        }
    }

    fn turn(&mut self, element: &BytesStart<'_>, is_group: bool) {
        let angle = number::<i64>(element, "rot").unwrap_or(0);
        match (&mut self.shape, self.groups.last_mut()) {
            (None, Some(group)) if is_group => group.turn = group.turn.saturating_add(angle),
            (Some(shape), _) if !is_group => {
                shape.turn = Turn {
                    is_mirrored: is_true(element, "flipH"),
                    is_upside_down: is_true(element, "flipV"),
                    angle: 0,
                }
                .by(angle);
            }
            _ => {}
        }
    }

    fn transform(&mut self, element: &BytesStart<'_>, name: &str) {
        let frame = match (&mut self.shape, self.groups.last_mut()) {
            (Some(shape), _) => &mut shape.frame,
            (None, Some(group)) => &mut group.frame,
            (None, None) => return,
        };
        let of = |x, y| number(element, x).zip(number(element, y));
        match name {
            "off" => frame.offset = of("x", "y"),
            "ext" => frame.size = of("cx", "cy"),
            "chOff" => frame.inner_offset = of("x", "y"),
            _ => frame.inner_size = of("cx", "cy"),
        }
    }

    /// Works out the measure of a group, when it has said where it lies.
    fn group(&mut self) {
        let Some((group, above)) = self.groups.split_last_mut() else { return };
        let frame = group.frame;
        let outer = frame.rectangle();
        let inner = frame.inner_offset.zip(frame.inner_size).map(|(at, size)| [at.0, at.1, size.0, size.1]).or(outer);
        group.measure = match above.last() {
            None => inner.and_then(Measure::outermost),
            Some(above) => {
                above.measure.zip(outer).zip(inner).and_then(|((measure, outer), inner)| measure.within(outer, inner))
            }
        };
        if let Some(above) = above.last() {
            group.turn = group.turn.saturating_add(above.turn);
            group.is_hidden |= above.is_hidden;
        }
    }

    fn shape(&mut self) {
        let Some(shape) = self.shape.take() else { return };
        if !shape.is_picture && shape.embedded.is_none() && shape.linked.is_none() {
            return;
        }
        let group = self.groups.last().copied().unwrap_or_default();
        let part = group.measure.zip(shape.frame.rectangle()).and_then(|(measure, member)| measure.part(member));
        self.found.push(Drawn {
            anchor: None,
            part: part.unwrap_or(WHOLE),
            form: if shape.is_picture { Form::Floating } else { Form::Fill },
            name: shape.name,
            description: shape.description,
            is_hidden: shape.is_hidden || group.is_hidden,
            crop: shape.crop,
            turn: shape.turn.by(group.turn),
            embedded: shape.embedded,
            linked: shape.linked,
        });
    }
}

impl Transform {
    fn rectangle(&self) -> Option<[f64; 4]> {
        self.offset.zip(self.size).map(|(at, size)| [at.0, at.1, size.0, size.1])
    }
}

fn pair(element: &BytesStart<'_>, x: &str, y: &str) -> Option<(i64, i64)> {
    number(element, x).zip(number(element, y))
}

/// Reads the cells of two corners, which come as elements of their own.
#[derive(Debug, Default)]
pub(super) struct CornerReader {
    pub(super) from: Option<Corner>,
    pub(super) to: Option<Corner>,
    is_to: bool,
    text: Option<String>,
}

impl CornerReader {
    pub(super) fn start(&mut self, name: &str) {
        match name {
            "from" => self.from = Some(Corner::default()),
            "to" => self.to = Some(Corner::default()),
            "col" | "row" | "colOff" | "rowOff" => self.text = Some(String::new()),
            _ => {}
        }
        self.is_to = name == "to" || self.is_to && name != "from";
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(own) = &mut self.text {
            add(own, text, 24);
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        let corner = if self.is_to { self.to.as_mut() } else { self.from.as_mut() };
        let (Some(corner), Some(text)) = (corner, self.text.take()) else { return };
        let text = text.trim();
        match name {
            "col" => corner.column = text.parse().unwrap_or(0),
            "row" => corner.row = text.parse().unwrap_or(0),
            // Some programs write offsets with a fraction or a unit.
            "colOff" => corner.right = length(text),
            "rowOff" => corner.down = length(text),
            _ => {}
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest number there is")]
fn length(text: &str) -> i64 {
    text.parse().unwrap_or_else(|_| text.parse::<f64>().unwrap_or(0.0) as i64)
}

#[cfg(test)]
mod tests {
    use super::super::xml::walk;
    use super::*;

    fn drawn(xml: &str) -> Vec<Drawn> {
        let mut drawing = Drawing::default();
        walk(xml.as_bytes(), "drawing", &mut drawing).unwrap();
        drawing.found
    }

    #[test]
    fn members_of_groups_have_their_parts() {
        let frame = |x: u32, width: u32| format!("<xfrm><off x=\"{x}\" y=\"0\"/><ext cx=\"{width}\" cy=\"10\"/>");
        let group = |x, width, inner: &str, content: &str| {
            format!("<grpSp><grpSpPr>{}{inner}</xfrm></grpSpPr>{content}</grpSp>", frame(x, width))
        };
        let picture = |x, width| format!("<pic><spPr>{}</xfrm></spPr></pic>", frame(x, width));
        let inner = "<chOff x=\"100\" y=\"0\"/><chExt cx=\"50\" cy=\"10\"/>";
        let within = group(100, 100, inner, &(picture(100, 25) + &picture(125, 25)));
        let whole = "<chOff x=\"0\" y=\"0\"/><chExt cx=\"200\" cy=\"10\"/>";
        let all = group(7, 7, whole, &(picture(0, 100) + &within));
        let found = drawn(&format!("<wsDr><twoCellAnchor>{all}</twoCellAnchor></wsDr>"));
        let parts: Vec<Part> = found.iter().map(|drawn| drawn.part).collect();
        assert_eq!(parts, [[0.0, 0.0, 0.5, 1.0], [0.5, 0.0, 0.75, 1.0], [0.75, 0.0, 1.0, 1.0]]);
    }

    #[test]
    fn only_one_version_counts() {
        let pic = |id: &str| format!("<pic><blipFill><blip embed=\"{id}\"/></blipFill></pic>");
        let versions = format!(
            "<AlternateContent><Choice><sp/></Choice><Choice>{}</Choice><Fallback>{}</Fallback></AlternateContent>{}",
            pic("a"),
            pic("b"),
            pic("c")
        );
        let found = drawn(&format!("<wsDr><oneCellAnchor>{versions}</oneCellAnchor></wsDr>"));
        let ids: Vec<_> = found.iter().map(|drawn| drawn.embedded.as_deref()).collect();
        assert_eq!(ids, [Some("a"), Some("c")]);
    }

    #[test]
    fn the_picture_of_a_bullet_is_no_picture() {
        let bullet = "<sp><txBody><blipFill><blip embed=\"a\"/></blipFill></txBody></sp>";
        assert_eq!(drawn(&format!("<wsDr><twoCellAnchor>{bullet}</twoCellAnchor></wsDr>")), []);
    }
}
