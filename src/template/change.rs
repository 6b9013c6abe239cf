//! Comparisons in words, as the field writes them: 较上期增加5个，增长17.9%; 较上期（60.0%）上升3.2个百分点; up from 28 to 33 (+5, 17.9%).
//!
//! A fall is never written as a negative rise, a change from nothing has no percentage, and a rate of few issues is written
//! as its counts.

use serde_json::Value;

use crate::dataset::Record;
use crate::words::lang::Lang;

/// Says how a comparison changed; blank where there is nothing to compare.
pub(crate) fn in_words(comparison: &Record, unit: &str, lang: Lang) -> String {
    let text = |key: &str| comparison.get(key).and_then(Value::as_str).unwrap_or_default();
    let words = Words { than: text("than"), when: text("when"), unit, lang };
    if comparison.contains_key("whole") { words.rate(comparison) } else { words.count(comparison) }
}

struct Words<'c> {
    than: &'c str,
    when: &'c str,
    unit: &'c str,
    lang: Lang,
}

impl Words<'_> {
    fn count(&self, comparison: &Record) -> String {
        let number = |key: &str| comparison.get(key).and_then(Value::as_u64);
        let (Some(now), Some(before)) = (number("value"), number("before")) else { return String::new() };
        let difference = now.abs_diff(before);
        let (than, when, unit) = (self.than, self.when, self.unit);
        let growth = comparison.get("growth").and_then(Value::as_f64).filter(|growth| *growth != 0.0);
        let growth = growth.map(|growth| decimals(growth.abs() * 100.0, 1));
        match (now, before, self.lang) {
            (0, 0, Lang::Zh) => format!("{than}持平（均为0）"),
            (0, 0, Lang::En) => format!("none, as {when}"),
            (_, 0, Lang::Zh) => format!("{when}为0"),
            (_, 0, Lang::En) => format!("up from none {when}"),
            (_, _, Lang::Zh) if difference == 0 => format!("{than}持平"),
            (_, _, Lang::En) if difference == 0 => format!("unchanged from {earlier}", earlier = self.since(before)),
            (_, _, Lang::Zh) => {
                let (more, rate) = if now > before { ("增加", "增长") } else { ("减少", "下降") };
                let growth = growth.map_or_else(String::new, |growth| format!("，{rate}{growth}%"));
                format!("{than}{more}{difference}{unit}{growth}")
            }
            (_, _, Lang::En) => {
                let (way, sign) = if now > before { ("up", '+') } else { ("down", '−') };
                let growth = growth.map_or_else(String::new, |growth| format!(", {growth}%"));
                format!("{way} from {} ({sign}{difference}{growth})", self.since(before))
            }
        }
    }

    /// An earlier number and when it was: `28 last time`.
    fn since(&self, before: u64) -> String {
        format!("{before} {}", self.when)
    }

    fn rate(&self, comparison: &Record) -> String {
        let number = |key: &str| comparison.get(key).and_then(Value::as_u64).unwrap_or_default();
        let (than, when, whole, part) = (self.than, self.when, number("before_whole"), number("before_part"));
        if whole == 0 {
            return self.lang.pick(format!("{when}无可比数据"), format!("nothing to compare {when}"));
        }
        let points = comparison.get("points").and_then(Value::as_f64);
        let (Some(points), Some(before)) = (points, comparison.get("before").and_then(Value::as_f64)) else {
            let unit = self.unit;
            return self
                .lang
                .pick(format!("{when}为{whole}{unit}中的{part}{unit}"), format!("{part} of {whole} {when}"));
        };
        let digits = usize::try_from(number("digits")).unwrap_or(1);
        let before = decimals(before * 100.0, digits);
        let difference = decimals(points.abs(), digits);
        match (points, self.lang) {
            (0.0, Lang::Zh) => format!("{than}（{before}%）持平"),
            (0.0, Lang::En) => format!("unchanged from {before}% {when}"),
            (_, Lang::Zh) => {
                let way = if points > 0.0 { "上升" } else { "下降" };
                format!("{than}（{before}%）{way}{difference}个百分点")
            }
            (_, Lang::En) => {
                let way = if points > 0.0 { "up" } else { "down" };
                format!("{way} {difference} percentage points from {before}% {when}")
            }
        }
    }
}

/// A number with some decimals, rounded half away from zero as percentages are everywhere.
fn decimals(number: f64, digits: usize) -> String {
    // What was rounded to six decimals may lie a hair below a half.
    let unit = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
    let rounded = ((number * unit * 1e6).round() / 1e6).round() / unit;
    format!("{rounded:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn words(comparison: &Value, lang: Lang) -> String {
        let mut map = comparison.as_object().unwrap().clone();
        map.insert("than".to_owned(), lang.pick("较上期", "").into());
        map.insert("when".to_owned(), lang.pick("上期", "last time").into());
        in_words(&map, "个", lang)
    }

    #[test]
    fn counts_are_compared_as_the_field_writes() {
        for (comparison, zh, en) in [
            (
                json!({"value": 33, "before": 28, "growth": 0.178_571}),
                "较上期增加5个，增长17.9%",
                "up from 28 last time (+5, 17.9%)",
            ),
            (
                json!({"value": 28, "before": 33, "growth": -0.151_515}),
                "较上期减少5个，下降15.2%",
                "down from 33 last time (−5, 15.2%)",
            ),
            (json!({"value": 6, "before": 4}), "较上期增加2个", "up from 4 last time (+2)"),
            (json!({"value": 7, "before": 7, "growth": 0.0}), "较上期持平", "unchanged from 7 last time"),
            (json!({"value": 3, "before": 0}), "上期为0", "up from none last time"),
            (json!({"value": 0, "before": 0}), "较上期持平（均为0）", "none, as last time"),
            (
                json!({"value": 0, "before": 8, "growth": -1.0}),
                "较上期减少8个，下降100.0%",
                "down from 8 last time (−8, 100.0%)",
            ),
            (json!({"value": "少于5"}), "", ""),
        ] {
            assert_eq!((words(&comparison, Lang::Zh), words(&comparison, Lang::En)), (zh.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn rates_are_compared_in_points() {
        let rate = |before: f64, points: f64, digits: u64| {
            json!({"whole": 20, "part": 12, "before_whole": 100, "before_part": 59, "value": 0.6, "before": before,
                   "points": points, "digits": digits})
        };
        for (comparison, zh, en) in [
            (rate(0.59, 0.1, 1), "较上期（59.0%）上升0.1个百分点", "up 0.1 percentage points from 59.0% last time"),
            (
                rate(0.0596, -0.08, 2),
                "较上期（5.96%）下降0.08个百分点",
                "down 0.08 percentage points from 5.96% last time",
            ),
            (rate(0.6, 0.0, 1), "较上期（60.0%）持平", "unchanged from 60.0% last time"),
            (
                json!({"whole": 20, "part": 2, "before_whole": 3, "before_part": 2, "before": 0.666_667, "is_small": true}),
                "上期为3个中的2个",
                "2 of 3 last time",
            ),
            (
                json!({"whole": 20, "part": 2, "before_whole": 0, "before_part": 0}),
                "上期无可比数据",
                "nothing to compare last time",
            ),
        ] {
            assert_eq!((words(&comparison, Lang::Zh), words(&comparison, Lang::En)), (zh.to_owned(), en.to_owned()));
        }
    }
}
