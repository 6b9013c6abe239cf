#!/usr/bin/env bash
# Makes docs/bulletin.png, the first page of the example's bulletin, for the READMEs.
#
# Usage: docs/picture.sh [DUBAN]
#
# Dispatches the bulletin in a copy of the example, lets LibreOffice lay it out, and turns the first page into a small PNG.
# The faces that a Chinese office has can't be had freely; Fandol's, which have the same widths, stand in for them.
# Needs a Debian that can install packages.
set -euo pipefail
cd "$(dirname "$0")/.."
duban=${1:-target/release/duban}
[ $# -gt 0 ] || cargo build --release --locked --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

missing=
for tool in soffice pdftoppm pnmmargin pngquant optipng; do command -v "$tool" >/dev/null || missing=$tool; done
if [ -n "$missing" ]; then
  apt-get update
  apt-get install -y --no-install-recommends libreoffice-writer-nogui poppler-utils netpbm pngquant optipng fonts-liberation
fi >/dev/null
fandol=/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
if [ ! -e "$fandol" ]; then
  # The fonts alone, without the TeX that their package depends on.
  (cd "$work" && apt-get download -qq texlive-lang-chinese && dpkg-deb -x texlive-lang-chinese_*.deb texlive) 2>/dev/null
  fandol=$work/texlive$fandol
fi
cat >"$work/fonts.conf" <<XML
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <dir>$fandol</dir>
</fontconfig>
XML

cp -r examples/zhengdong-2021 "$work/project"
cat >>"$work/project/duban.yaml" <<YAML

fonts: {fangsong: FandolFang R, heiti: FandolHei, kaiti: FandolKai, xiaobiaosong: FandolSong, songti: FandolSong, latin: Liberation Serif}
YAML
bulletin=$("$duban" dispatch bulletin --period 2021-08 -C "$work/project" --as-of 2021-08-20 --to docx -o "$work" --quiet | head -1)
FONTCONFIG_FILE=$work/fonts.conf soffice "-env:UserInstallation=file://$work/office" --headless \
  --convert-to pdf --outdir "$work" "$bulletin" >/dev/null
pdftoppm -r 88 -f 1 -l 1 -singlefile "${bulletin%.docx}.pdf" "$work/page"
# A grey edge, for the page is white on white.
pnmmargin -color gray80 1 "$work/page.ppm" | pnmtopng >"$work/page.png"
pngquant --force --strip --output docs/bulletin.png 32 "$work/page.png"
optipng -quiet -o7 docs/bulletin.png
du -b docs/bulletin.png
