//! Groups of shapes: where a member lies in the rectangle of the outermost group.

/// A part of a picture's rectangle, from 0 to 1: left, top, right, bottom.
pub(crate) type Part = [f64; 4];
pub(crate) const WHOLE: Part = [0.0, 0.0, 1.0, 1.0];

/// A rectangle: left, top, width, height.
pub(crate) type Rectangle = [f64; 4];

/// How a group's own measure becomes a share of the outermost group's rectangle. A place is scaled, then moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measure {
    scale: (f64, f64),
    moved: (f64, f64),
}

impl Measure {
    /// The measure of the outermost group, whose rectangle is `inner` by its own measure.
    pub(crate) fn outermost(inner: Rectangle) -> Option<Self> {
        let [x, y, width, height] = inner;
        let measure = Self { scale: (1.0 / width, 1.0 / height), moved: (-x / width, -y / height) };
        (width > 0.0 && height > 0.0).then_some(measure)
    }

    /// The measure of a group within this one: its rectangle is `outer` by this measure, and `inner` by its own.
    pub(crate) fn within(self, outer: Rectangle, inner: Rectangle) -> Option<Self> {
        let own = Self::outermost(inner)?;
        let scaled = |scale: f64, by: f64, at: f64, moved: f64| (scale * by, scale * at + moved);
        let of = |size: f64, start: f64, own: (f64, f64), outer: (f64, f64)| {
            let (scale, moved) = scaled(outer.0, size, start, outer.1);
            (scale * own.0, scale * own.1 + moved)
        };
        let x = of(outer[2], outer[0], (own.scale.0, own.moved.0), (self.scale.0, self.moved.0));
        let y = of(outer[3], outer[1], (own.scale.1, own.moved.1), (self.scale.1, self.moved.1));
        Some(Self { scale: (x.0, y.0), moved: (x.1, y.1) })
    }

    /// The part of a member whose rectangle is told by this measure.
    pub(crate) fn part(self, member: Rectangle) -> Option<Part> {
        let [x, y, width, height] = member;
        let (left, top) = (self.scale.0 * x + self.moved.0, self.scale.1 * y + self.moved.1);
        let part = [left, top, left + self.scale.0 * width, top + self.scale.1 * height];
        part.iter().all(|share| share.is_finite()).then(|| part.map(|share| share.clamp(0.0, 1.0)))
    }
}
