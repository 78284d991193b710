#!/bin/sh
# Cuts the fonts of this folder out of Debian's (packages fonts-noto-core and fonts-noto-color-emoji).
# Run from the root of the checkout; needs fontTools, which comes with matplotlib.
set -eu
from=${1:-/usr/share/fonts/truetype/noto}
here=include/messages/fonts
subset=.venv/bin/pyftsubset

european=U+0020-024F,U+02B0-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1FFF,U+2000-209F,U+20A0-20BF,U+2100-214F,U+FB00-FB06
for weight in Regular Bold; do
  $subset "$from/NotoSans-$weight.ttf" --unicodes="$european" --no-hinting \
    --layout-features=kern,mark,mkmk,ccmp,locl,liga --output-file="$here/NotoSans-$weight.ttf"
  for script in Lao Thai; do
    $subset "$from/NotoSans$script-$weight.ttf" --unicodes='*' --no-hinting --layout-features='*' \
      --output-file="$here/NotoSans$script-$weight.ttf"
  done
done
$subset "$from/NotoSansSymbols2-Regular.ttf" --unicodes=U+25A0-25FF,U+2713-2718 --no-hinting \
  --output-file="$here/NotoSansSymbols2-Regular.ttf"
$subset "$from/NotoSansMath-Regular.ttf" --unicodes=U+2190-2193,U+2212,U+2217,U+2248,U+2260,U+2264,U+2265 --no-hinting \
  --output-file="$here/NotoSansMath-Regular.ttf"

# The emoji of emoji.txt, and the selector that asks for a picture instead of a letter (U+FE0F).
$subset "$from/NotoColorEmoji.ttf" --text-file="$here/emoji.txt" --unicodes=U+FE0F \
  --output-file="$here/NotoColorEmoji.ttf"
