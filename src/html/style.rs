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
    // The pages of a `.docx`: English text is equally wide on both papers.
    let (size, [top, right, bottom, left]) = match (first.lang, look.paper) {
        (Lang::Zh, _) => {
            ("A4", [layout::MARGIN_TOP_MM, layout::MARGIN_RIGHT_MM, layout::MARGIN_BOTTOM_MM, layout::MARGIN_LEFT_MM])
        }
        (Lang::En, paper) => {
            let right = paper.size_mm().0 - layout::MARGIN_LEFT_MM - layout::TEXT_WIDTH_MM;
            (if paper == Paper::Letter { "letter" } else { "A4" }, [30.0, right, 30.0, layout::MARGIN_LEFT_MM])
        }
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
         @page wide{{size:{size} landscape;margin:{left}mm {top}mm {right}mm {bottom}mm}}\n\
         {first_page}:root{{--red:#{red}}}\n{COLOURS}{CHARTS}{SOURCES}{SHEET}\
         body.zh{{font-family:{fangsong}}}\n\
         .zh h1,.zh .mark{{font-family:{song}}}\n\
         .zh h2,.zh .strict,.zh .label,.zh thead th,.zh strong,.zh .draft,.zh caption,.zh figcaption,.zh .contents,.zh .sources\
         {{font-family:{heiti}}}\n\
         .zh article h3,.zh em{{font-family:{kaiti}}}\n\
         body.en{{font-family:{latin}}}\n",
        red = layout::RED,
    )
}

/// Returns the style sheet of the page for the leader, which is for screens first.
pub(super) fn board(lang: Lang, look: &Look) -> String {
    let size = if lang == Lang::En && look.paper == Paper::Letter { "letter" } else { "A4" };
    format!(
        "@page{{size:{size};margin:15mm}}\n:root{{--red:#{red}}}\n{COLOURS}{CHARTS}{SOURCES}{BOARD}",
        red = layout::RED
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

/// The colours, by day and in the dark.
pub(super) const COLOURS: &str = "\
:root{color-scheme:light;--ink:#000;--paper:#fff;--desk:#eceae6;--line:#000;--soft:#57544f;--edge:#c9c5bd;--lit:#fff1b8;--shade:0 1px 8px #0003}
@media screen{:root{color-scheme:light dark}}
@media screen and (prefers-color-scheme:dark){:root{--red:#ff8a80;--ink:#e7e4df;--paper:#1f2022;--desk:#121213;--line:#85827c;--soft:#b5b1aa;--edge:#55524d;--lit:#4b4220;--shade:none}}
";

/// The drawings of charts.
pub(super) const CHARTS: &str = "\
.chart{margin:12pt 0 8pt;break-inside:avoid;break-after:avoid;text-indent:0}
.chart svg{display:block;width:100%;max-width:520px;margin:0 auto 6pt;letter-spacing:0}
.chart text{fill:var(--ink)}
.chart .e{text-anchor:end}
.chart .c{text-anchor:middle}
.chart :is(rect,circle,path){stroke:var(--ink);stroke-width:8}
.chart .f0{fill:var(--ink);fill-opacity:.75}
.chart .f2{fill:var(--ink);fill-opacity:.15}
.chart .f3{fill:var(--ink);fill-opacity:.45}
.chart :is(.f4,.o){fill:var(--paper)}
.chart rect.b{fill:var(--paper);stroke:none}
.chart .h{stroke-width:24}
.chart .g{stroke:var(--edge)}
.chart .s{fill:none;stroke-width:22;stroke-linejoin:round}
.chart .k{fill:var(--ink)}
.chart figcaption{text-align:center;font-size:14pt;line-height:1.5}
";

/// Photos.
pub(super) const PHOTOS: &str = "\
.photos{margin:8pt 0;padding:0 1px}
.photos .row{display:grid;grid-template-columns:repeat(var(--n),minmax(0,var(--column)));justify-content:center;break-inside:avoid}
.photos :is(figure,.none){margin:0 0 -.75pt;border:solid var(--line);border-width:.75pt .75pt .75pt 0;padding:4pt 2mm;display:flex;flex-direction:column;align-items:center;font-size:12pt;line-height:1.5}
.photos .row>:first-child{border-left-width:.75pt}
.photos .blank{min-height:calc(var(--column)*.75)}
.photos .none p:last-child,.photos figure>p:not(.name-of){margin:auto}
.photos img{max-width:100%;height:auto;display:block;margin:auto}
.photos figcaption{margin-top:2pt;text-align:center;overflow-wrap:anywhere}
.photos figcaption,.en .photos figcaption{font-size:10.5pt;font-weight:normal}
.zh .photos figcaption{font-family:inherit}
.zh article .photos p,.en article .photos p{text-align:center;text-indent:0;margin-top:0;margin-bottom:0}
.zh article .photos .none p:last-child,.en article .photos .none p:last-child,.zh article .photos figure>p:not(.name-of),.en article .photos figure>p:not(.name-of){margin:auto}
.photos .over{break-after:avoid;font-size:14pt;line-height:1.5}
.en .photos .over{font-size:12pt}
.photos .over,.photos .name-of{font-weight:600}
@media screen and (max-width:640px){
.photos .row{grid-template-columns:minmax(0,1fr);margin-bottom:12px}
.photos .row>*{border-left-width:.75pt}
.photos .blank{min-height:0}
.photos img{width:auto!important}
.photos :is(figure,.none),.photos figcaption,.en .photos figcaption{font-size:15px}
}
";

/// The photos of issues on the page for the leader: beside each other, small.
pub(super) const BOARD_PHOTOS: &str = "\
.photos{display:flex;flex-wrap:wrap;gap:8px;margin:6px 0 0}\n\
.photos figure{max-width:12rem}\n\
.photos img{display:block;max-width:100%;height:auto;max-height:9rem;width:auto;border:1px solid var(--edge);border-radius:3px}\n\
.photos figcaption{font-size:13.5px;color:var(--soft)}\n\
@media print{.photos img{max-height:30mm}.photos figure{break-inside:avoid}}\n";

/// The lists of the figures on a screen: each shows when its link was followed.
pub(super) const SOURCES: &str = "\
@media screen{
:is(.rows,.figure) li{display:grid;grid-template-columns:2.6em 1fr auto;gap:0 .6em;align-items:baseline;padding:3pt 0;border-top:1px solid var(--edge);overflow-wrap:anywhere}
:is(.rows,.figure) li>b{text-align:right;font-weight:normal;font-size:inherit;margin:0}
.index a{display:grid;grid-template-columns:4em 1fr;text-decoration:none}
.index a:hover{text-decoration:underline}
.place{color:var(--soft);font-size:.88em}
.figure{display:none}
.figure:target{display:block;position:fixed;z-index:1;left:0;right:0;bottom:0;max-height:50vh;overflow:auto;
padding:12pt max(14pt,calc(50vw - 95mm)) 16pt;background:var(--paper);border-top:2px solid var(--ink);box-shadow:0 -4px 24px #0004;outline:0}
.figure h3{font-size:12pt;font-weight:normal;margin:0}
.figure h3 b{font-size:16pt;margin-right:.4em}
.figure .top{display:flex;justify-content:space-between;align-items:baseline;gap:1em}
.figure .back{flex:none}
.figure .count{color:var(--soft)}
}
";

const SHEET: &str = "\
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:var(--desk);font-size:16pt;line-height:28.95pt}
p,h1,h2,h3,h4,h5{margin:0;font-size:inherit;font-weight:normal;overflow-wrap:anywhere}
a{color:inherit}
:target{scroll-margin-top:4rem}
.zh article{letter-spacing:-.25pt;orphans:1;widows:1}
.zh h1,.zh .mark,.zh table,.zh footer{letter-spacing:0}
.zh article p{text-align:justify;text-indent:2em}
.zh strong,.zh em{font-weight:normal;font-style:normal}
.zh article :is(h2,h3,h4,h5){text-indent:2em}
h2,h3,h4,h5{break-after:avoid}
h1{font-size:22pt!important;line-height:34pt;text-align:center;text-wrap:balance;margin:0 0 28.95pt;break-after:avoid}
header{margin-bottom:57.9pt}
.bulletin header{margin-bottom:28.95pt}
header p,p.addressee,p.label,.signature p,footer p,li>p:first-child{text-indent:0!important}
p.mark{color:var(--red);font-size:var(--size);line-height:1;text-align:center!important;text-wrap:balance}
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
table.small{font-size:10.5pt}
caption{margin-bottom:4pt;break-after:avoid}
th,td{border:.75pt solid var(--line);padding:2pt 5pt;overflow-wrap:anywhere;min-width:2.5em}
th{font-weight:normal;text-align:center}
thead{display:table-header-group}
tr{break-inside:avoid}
tbody th{text-align:left}
.c{text-align:center}
.r,td.r{text-align:right}
th.r{text-align:center}
.zh article .chart p,.en article .chart p{margin:0;font-size:12pt;line-height:1.5;text-align:center;text-indent:0}
.names{display:flex;margin-top:28.95pt;padding-left:2em}
.names>span:first-child{flex:none}
.names>span span{display:inline-block;padding-left:1em;text-indent:-1em}
.signature{text-align:right;break-inside:avoid}
.signature p{text-align:right!important}
.signature+p{margin-top:0}
.attachment .label{margin-bottom:28.95pt}
.page-break{border-top:1px dashed var(--edge);margin:14pt 0}
footer{margin-top:57.9pt;border:solid var(--line);border-width:1pt 0;font-size:14pt;line-height:24pt;break-inside:avoid}
footer p{padding:2pt 1em}
footer .ruled{border-top:.75pt solid var(--line)}
.entry{display:flex;text-align:left!important}
.entry>span:first-child{flex:none;white-space:pre}
.en{font-size:12pt;line-height:1.45}
.en article p{margin:0 0 8pt}
.en h1{font-size:18pt!important;line-height:1.3;font-weight:bold;margin-bottom:14pt}
.en :is(h2,h3,h4,h5){font-weight:bold;margin:12pt 0 6pt}
.en header{margin-bottom:20pt}
.en p.mark{color:var(--ink);font-weight:bold;margin:0 0 6mm}
.en hr{border-color:var(--ink)}
.en .letter hr{width:auto;height:0;border-width:.75pt 0 0;margin:0 0 5mm}
.en .letter h1{font-size:12pt!important;text-align:left;text-wrap:wrap;margin:0 0 8pt}
.en p.address{margin:12pt 0}
.en p.signed{margin-top:42pt;break-inside:avoid}
.en table{font-size:10.5pt}
.en table.small{font-size:9.5pt}
.en th{font-weight:bold}
.en :is(.label,figcaption){font-weight:bold}
.en figcaption{font-size:12pt}
.en .names{padding-left:0;margin:14pt 0}
.en .signature{margin-top:28pt}
.en footer{font-size:11pt;line-height:1.4}
.en footer p{margin:0}
.en ul,.en ol{padding-left:2em;margin-bottom:8pt}
.n{text-decoration:none}
@media screen{
.sheet{width:210mm;max-width:100%;margin:8mm auto;padding:37mm 26mm 35mm 28mm;background:var(--paper);box-shadow:var(--shade)}
.sheet.wide{width:297mm;padding:28mm 20mm 26mm}
.n{text-decoration:underline dotted 1px;text-underline-offset:.25em}
a:hover{text-decoration-style:solid}
.n:target,.rows>:target{background:var(--lit)}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
th,td{min-width:4.6em}
.r{min-width:4.2em}
.name{min-width:7.6em}
.long{min-width:14em}
thead th{white-space:nowrap}
tbody th{position:sticky;left:0;background:var(--paper);box-shadow:.75pt 0 var(--line)}
.zh .letter>.sheet:first-child{padding-top:30mm}
.contents,.sources{width:210mm;max-width:100%;margin:8mm auto;padding:0 26mm 0 28mm;font-size:11.5pt;line-height:1.7;text-indent:0}
.contents summary{cursor:pointer;color:var(--soft);width:max-content}
.contents ul{list-style:none;margin:0;padding:4pt 0 0}
.contents li{padding:1pt 0}
.contents .sub{padding-left:1.5em}
.contents a{text-decoration:none}
.contents a:hover{text-decoration:underline}
.sources>p{color:var(--soft)}
.sources h2{font-size:14pt;margin:0 0 2pt}
.sources :is(ul,ol){list-style:none;margin:8pt 0 0;padding:0}
}
@media screen and (min-width:1240px){
.contents{position:absolute;left:1.5rem;top:8mm;width:calc(50vw - 105mm - 3rem);margin:0;padding:0;font-size:10.5pt}
.contents details::details-content{content-visibility:visible}
}
@media screen and (max-width:800px){
body{font-size:17px;line-height:1.75;background:var(--paper)}
.sheet,.sheet.wide{margin:0;padding:24px 18px;box-shadow:none}
.zh .letter>.sheet:first-child{padding-top:24px}
.sheet+.sheet,article+article{border-top:8px solid var(--desk)}
.contents,.sources{margin:0;padding:12px 18px;font-size:15px}
.contents{border-bottom:1px solid var(--edge)}
.contents summary{padding:4px 0}
.contents li{padding:5px 0}
.sources{border-top:8px solid var(--desk);padding-bottom:24px}
.zh article{letter-spacing:0}
h1,.en h1{font-size:21px!important;line-height:1.4;margin-bottom:20px}
header,.bulletin header,.en header{margin-bottom:28px}
p.mark{font-size:min(var(--size),var(--share))}
.zh .document p.mark,.zh .bulletin p.mark,.zh .letter p.mark{margin-top:12px}
.zh .mark+.number,.zh .bulletin .mark+.number{margin-top:16px}
.apart{flex-wrap:wrap;gap:0 1em}
hr{margin-top:6px}
.names{margin-top:20px;padding-left:0}
ul,ol{padding-left:1.6em}
.zh li>p{text-align:left}
table,table.small,.en table,.chart figcaption,.en article .chart p,.zh article .chart p{font-size:15px}
footer,.en footer{font-size:15px;line-height:1.6;margin-top:32px}
:is(.rows,.figure) li{grid-template-columns:2.2em 1fr}
.place{grid-column:2}
.zh article :is(h2,h3){font-weight:600}
}
@media print{
body{background:none}
article+article{break-before:right;counter-reset:page 1}
.contents,.sources{display:none}
.table{overflow:visible}
.chart svg{max-width:120mm;max-height:190mm}
.attachment{break-before:page}
.wide{page:wide}
.page-break{break-after:page;border:0;margin:0}
}
";

/// The page for the leader: system fonts, room for a phone, colours that differ in brightness too.
const BOARD: &str = "\
*{box-sizing:border-box}
:root{--late:#b00020;--soon:#8a5a00;--done:#2e6b34;--heat:#b4482a}
@media screen and (prefers-color-scheme:dark){:root{--late:#ff9a94;--soon:#f0c060;--done:#9fd6a4;--heat:#d2704f}}
body{margin:0;color:var(--ink);background:var(--desk);font:16px/1.6 system-ui,-apple-system,\"Segoe UI\",\"Microsoft YaHei\",\"PingFang SC\",\"Noto Sans CJK SC\",sans-serif;text-align:left}
main{max-width:1180px;margin:0 auto;padding:20px}
h1,h2,h3,p,dl,dd,ul,ol,figure{margin:0}
h1{font-size:26px;line-height:1.3}
h2{font-size:18px;margin:0 0 6px}
a{color:inherit;text-decoration:underline dotted 1px;text-underline-offset:.25em}
a:hover{text-decoration-style:solid}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
:target{scroll-margin-top:1rem;background:var(--lit)}
header dl{display:flex;flex-wrap:wrap;gap:2px 24px;margin:8px 0 4px}
header div{display:flex;gap:.6em}
dt,.note,small,.place{color:var(--soft)}
small{font-size:13.5px}
.note{font-size:14px;margin:0 0 8px}
main>section,.tiles li{background:var(--paper);border-radius:6px;padding:16px;margin:16px 0 0}
.tiles{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;margin:12px 0 0}
.tiles li{margin:0;display:flex;flex-direction:column}
.tiles b{font-size:34px;line-height:1.25;font-weight:600}
.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:15px;line-height:1.5}
caption{text-align:left;color:var(--soft)}
th,td{padding:4px 8px;border-bottom:1px solid var(--edge);text-align:left;vertical-align:top;font-weight:normal}
thead th{font-weight:600;white-space:nowrap}
.c{text-align:center}
.r{text-align:right;font-variant-numeric:tabular-nums;min-width:calc(3em + 18px)}
thead th,.c{min-width:calc(3em + 18px)}
.long{min-width:16em}
.heat td,.heat th{border:1px solid var(--edge)}
.heat thead th+th{text-align:right}
.day{white-space:nowrap}
.heat .h1{background:color-mix(in srgb,var(--heat) 10%,var(--paper))}
.heat .h2{background:color-mix(in srgb,var(--heat) 20%,var(--paper))}
.heat .h3{background:color-mix(in srgb,var(--heat) 30%,var(--paper))}
.heat .h4{background:color-mix(in srgb,var(--heat) 40%,var(--paper))}
.heat .h5{background:color-mix(in srgb,var(--heat) 50%,var(--paper))}
.heat .again{outline:2px solid var(--ink);outline-offset:-3px}
.chart svg{max-width:600px;overflow:visible}
.chart figcaption{font-size:14px;text-align:left;color:var(--soft)}
summary{cursor:pointer;padding:6px 0}
.stretch{border-top:1px solid var(--edge)}
.stretch ol{list-style:none;padding:0}
.stretch i{font-style:normal;color:var(--soft);font-variant-numeric:tabular-nums}
.stretch li{padding:8px 4px;border-top:1px solid var(--edge);overflow-wrap:anywhere;content-visibility:auto;contain-intrinsic-size:auto 5em}
.stretch code{font-size:14px}
li>span{border:1px solid;border-radius:3px;padding:0 5px;font-size:13px}
.late{color:var(--late)}
.soon{color:var(--soon)}
.done{color:var(--done)}
li>.late{font-weight:600}
.filter{margin:0 0 8px}
.filter input{font:inherit;padding:4px 8px;min-width:14em;max-width:100%;color:var(--ink);background:var(--paper);border:1px solid var(--soft)}
.sources{font-size:15px}
.sources :is(ul,ol){list-style:none;padding:0}
.figure li>span{border:0;padding:0;font-size:inherit}
.tiles li>span{border:0;padding:0;font-size:15px}
.sources h2{font-size:16px}
@media screen and (max-width:640px){
main{padding:12px}
h1{font-size:21px}
.tiles{grid-template-columns:1fr 1fr;gap:8px}
.tiles b{font-size:27px}
main>section{padding:12px;margin-top:12px}
:is(.rows,.figure) li{grid-template-columns:2.2em 1fr}
:is(.rows,.figure) .place{grid-column:2}
}
@media print{
:root{--late:#000;--soon:#000;--done:#000}
body{background:none;font-size:10.5pt}
main{max-width:none;padding:0}
main>section,.tiles li{padding:6pt 0;border-radius:0}
.tiles{grid-template-columns:repeat(5,1fr)}
.tiles b{font-size:18pt}
a{text-decoration:none}
.sources,.filter{display:none}
.table{overflow:visible}
table{font-size:9.5pt}
tr,.stretch li,.chart{break-inside:avoid}
h2{break-after:avoid}
.heat td{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.stretch li{content-visibility:visible}
}
";
