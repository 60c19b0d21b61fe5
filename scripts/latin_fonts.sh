#!/bin/sh
# Cuts the Latin letters, digits and marks out of the fonts of PDFs, without layout features (portal/media/pdf.py says why).
set -eu
cd "$(dirname "$0")/../portal/media/fonts"
letters="U+0020-024F,U+02B0-02FF,U+1E00-1EFF,U+2000-206F,U+20A0-20BF,U+2100-214F,U+2190-21FF,U+2212,U+2248,U+2260-2265"
letters="$letters,U+25A0-25FF,U+2713-2718,U+FFFD"
cut() {
  ../../../.venv/bin/pyftsubset "$1.ttf" --output-file="$2.ttf" --unicodes="$letters" --name-IDs='*' --glyph-names \
    --notdef-outline --recommended-glyphs --drop-tables+=GDEF,GPOS,GSUB,kern,MATH,FFTM
}
cut DejaVuSans DejaVuSans-Latin
cut DejaVuSans-Bold DejaVuSans-Latin-Bold
