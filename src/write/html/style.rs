//! The style sheet of an HTML page.

use crate::document::layout::{self, Look, Paper};
use crate::document::{Document, Layout};
use crate::words::lang::Lang;

/// Returns the style sheet for documents with the language and layout of `first`. Each typeface of `look` is followed
/// by substitutes that common systems have.
pub(super) fn sheet(first: &Document, look: &Look) -> String {
    let fonts = &look.fonts;
    // `@page :first` is the first page of a file, not of each letter in it: if there are several letters, only the
    // first has the lower double line and a first page without a number.
    let first_page = if first.layout == Layout::Letter && first.lang == Lang::Zh { LETTER_FIRST } else { "" };
    let size = match (first.lang, look.paper) {
        (Lang::En, Paper::Letter) => "letter",
        _ => "A4",
    };
    let stack = |first: &str, rest: &str| format!("\"{}\",{rest}", plain_name(first));
    let fangsong = stack(
        &fonts.fangsong,
        "FangSong,STFangsong,\"FZFangSong-Z02\",\"Noto Serif CJK SC\",\"Source Han Serif SC\",\"Songti SC\",SimSun,serif",
    );
    let heiti =
        stack(&fonts.heiti, "SimHei,STHeiti,\"Heiti SC\",\"Noto Sans CJK SC\",\"Source Han Sans SC\",sans-serif");
    let kaiti = stack(&fonts.kaiti, "KaiTi,STKaiti,\"Kaiti SC\",\"AR PL KaitiM GB\",\"AR PL UKai CN\",serif");
    let song = stack(
        &fonts.xiaobiaosong,
        "\"FZXiaoBiaoSong-B05S\",\"Noto Serif CJK SC\",\"Source Han Serif SC\",STSong,SimSun,serif",
    );
    let latin = format!("\"{}\",\"Liberation Serif\",Times,serif", plain_name(&fonts.latin));
    format!(
        "@page{{size:{size};margin:{top}mm {right}mm {bottom}mm {left}mm;\
         @bottom-right{{content:\"— \" counter(page) \" —\";font:14pt/1 {latin};vertical-align:top;padding-top:4.5mm;padding-right:1em}}}}\n\
         @page :left{{@bottom-right{{content:none}}\
         @bottom-left{{content:\"— \" counter(page) \" —\";font:14pt/1 {latin};vertical-align:top;padding-top:4.5mm;padding-left:1em}}}}\n\
         @page wide{{size:{size} landscape;margin:28mm 37mm 26mm 35mm}}\n\
         {first_page}:root{{--red:#{red}}}\n{SHEET}\
         body.zh{{font-family:{fangsong}}}\n\
         .zh h1,.zh .mark{{font-family:{song}}}\n\
         .zh h2,.zh .strict,.zh .label,.zh th,.zh strong,.zh .draft,.zh caption{{font-family:{heiti}}}\n\
         .zh h3,.zh em{{font-family:{kaiti}}}\n\
         body.en{{font-family:{latin}}}\n",
        top = layout::MARGIN_TOP_MM,
        right = layout::MARGIN_RIGHT_MM,
        bottom = layout::MARGIN_BOTTOM_MM,
        left = layout::MARGIN_LEFT_MM,
        red = layout::RED,
    )
}

/// Returns the name of a typeface without the characters that could end a CSS string.
fn plain_name(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '"' | '\\' | '<' | '>' | '{' | '}') && !c.is_control()).collect()
}

/// 信函格式 (10.1): the mark 30 mm from the paper's edge, a double line 20 mm from its lower edge, no page number. The
/// lines are as wide as the text, for browsers cut off what is wider; a `.docx` has them 170 mm wide.
const LETTER_FIRST: &str = "\
@page :first{margin-top:30mm;@bottom-left{content:none}@bottom-right{content:none}\
@bottom-center{content:\"\";width:156mm;height:4pt;margin:12.6mm 0 0;vertical-align:top;\
border:solid #E60012;border-width:.75pt 0 2.25pt}}
";

const SHEET: &str = "\
*{box-sizing:border-box}
body{margin:0;color:#000;background:#eee;font-size:16pt;line-height:28.95pt}
main{width:210mm;max-width:100%;margin:8mm auto;padding:37mm 26mm 35mm 28mm;background:#fff;box-shadow:0 1px 8px #0003}
p,h1,h2,h3,h4,h5{margin:0;font-size:inherit;font-weight:normal;overflow-wrap:anywhere}
.zh main{letter-spacing:-.25pt;orphans:1;widows:1}
.zh h1,.zh .mark,.zh table,.zh footer{letter-spacing:0}
.zh p{text-align:justify;text-indent:2em}
.zh strong,.zh em{font-weight:normal;font-style:normal}
.zh h2,.zh h3,.zh h4,.zh h5{text-indent:2em}
h2,h3,h4,h5{break-after:avoid}
h1{font-size:22pt!important;line-height:34pt;text-align:center;text-wrap:balance;margin:0 0 28.95pt;break-after:avoid}
header{margin-bottom:57.9pt}
.bulletin header{margin-bottom:28.95pt}
header p,p.addressee,p.label,.signature p,footer p,li>p:first-child{text-indent:0!important}
p.mark{color:var(--red);line-height:1;text-align:center!important;text-wrap:balance}
.zh .document .mark{margin-top:35mm}
.zh .document .fact+.mark{margin-top:calc(35mm - 28.95pt)}
.zh .document .fact+.fact+.mark{margin-top:calc(35mm - 57.9pt)}
.zh .document .fact+.fact+.fact+.mark{margin-top:calc(35mm - 86.85pt)}
.zh .bulletin .mark{margin-top:20mm}
p.number{text-align:center!important}
.zh .mark+.number{margin-top:57.9pt}
.zh .bulletin .mark+.number{margin-top:28.95pt}
.zh .letter .mark{margin:0}
.letter p.number{text-align:right!important;line-height:1;margin-top:14pt!important}
.letter hr{border:solid var(--red);border-width:2.25pt 0 .75pt;height:4pt;margin:calc(4mm - 2pt) 0 0}
.letter .number:not(.apart)+.fact{margin-top:-22pt}
.apart{display:flex;justify-content:space-between;gap:1em}
p.apart{text-align:left!important}
hr{border:0;border-top:1.5pt solid var(--red);margin:calc(4mm - 6.5pt) 0 0;width:100%}
.bulletin hr{border-top-width:2.25pt}
.draft{color:var(--red);border:1px solid;padding:0 .3em;margin-left:.5em;font-size:.8em}
ul,ol{margin:0;padding-left:4em}
.table{overflow-x:auto;margin:8pt 0}
table{border-collapse:collapse;width:100%;font-size:12pt;line-height:1.5}
caption{margin-bottom:4pt}
th,td{border:.75pt solid #000;padding:2pt 5pt;overflow-wrap:anywhere;min-width:2.5em}
th{font-weight:normal;text-align:center}
thead{display:table-header-group}
tr{break-inside:avoid}
.c{text-align:center}
.r,td.r{text-align:right}
th.r{text-align:center}
.names{display:flex;margin-top:28.95pt;padding-left:2em}
.names>span:first-child{flex:none}
.names>span span{display:inline-block;padding-left:1em;text-indent:-1em}
.signature{text-align:right;break-inside:avoid}
.signature p{text-align:right!important}
.signature+p{margin-top:0}
.attachment{margin-top:28.95pt;padding-top:28.95pt;border-top:1px dashed #bbb}
.attachment .label{margin-bottom:28.95pt}
.page-break{border-top:1px dashed #bbb;margin:14pt 0}
footer{margin-top:57.9pt;border:solid #000;border-width:1pt 0;font-size:14pt;line-height:24pt;break-inside:avoid}
footer p{padding:2pt 1em}
footer .ruled{border-top:.75pt solid #000}
.entry{display:flex;text-align:left!important}
.entry>span:first-child{flex:none;white-space:pre}
.en{font-size:12pt;line-height:1.45}
.en p{margin:0 0 8pt}
.en h1{font-size:18pt!important;line-height:1.3;font-weight:bold;margin-bottom:14pt}
.en h2,.en h3,.en h4,.en h5{font-weight:bold;margin:12pt 0 6pt}
.en header{margin-bottom:20pt}
.en p.mark{font-weight:bold;margin:0 0 6mm}
.en .letter hr{width:auto;margin:0 0 5mm}
.en table{font-size:10.5pt}
.en th{font-weight:bold}
.en .label{font-weight:bold}
.en .names{padding-left:0;margin:14pt 0}
.en .signature{margin-top:28pt}
.en footer{font-size:11pt;line-height:1.4}
.en footer p{margin:0}
.en ul,.en ol{padding-left:2em;margin-bottom:8pt}
@media screen and (max-width:210mm){main{margin:0;padding:8vw 5vw;box-shadow:none}body{background:#fff}}
@media screen and (min-width:210mm){.zh main.letter{padding-top:30mm}}
@media print{
body{background:none}
main{width:auto;margin:0;padding:0;box-shadow:none}
main+main{break-before:right;counter-reset:page 1}
.table{overflow:visible}
.attachment{break-before:page;border:0;margin:0;padding:0}
.wide{page:wide}
.page-break{break-after:page;border:0;margin:0}
}
";
