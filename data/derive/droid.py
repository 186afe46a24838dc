"""data/fonts/droid-fallback.ttf.gz: Chinese and Japanese characters of printed pages.

    apt-get install fonts-droid-fallback=1:6.0.1r16-1.1; python -m venv venv && venv/bin/pip install fonttools==4.68.0
    cd data/derive && ../../venv/bin/python droid.py

The characters of the package's font that are written from left to right and one beside the other: the scripts that need
shaping (Arabic, Thai and others) are left out, so that they are never shown with their letters unjoined.
"""

import gzip
import io
import subprocess
import sys
import unicodedata

from fontTools import subset

PINNED = "1:6.0.1r16-1.1"
FONT = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"
KEPT = ("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO")

if __name__ == "__main__":
    found = subprocess.run(["dpkg-query", "-Wf${Version}", "fonts-droid-fallback"], capture_output=True, text=True, check=True).stdout
    if found != PINNED:
        sys.exit(f"needs fonts-droid-fallback {PINNED}, found {found}")
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 5, 6, 13, 14], notdef_outline=True)
    # Otherwise the day of the run is in the file.
    options.recalc_timestamp = False
    font = subset.load_font(FONT, options)
    kept = [c for c in font.getBestCmap() if 0x3000 <= c <= 0x303F or unicodedata.name(chr(c), "").startswith(KEPT)]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    packed = gzip.compress(out.getvalue(), compresslevel=9, mtime=0)
    with open("../fonts/droid-fallback.ttf.gz", "wb") as file:
        file.write(packed)
    print("fonts/droid-fallback", len(kept), "characters", len(packed), "bytes")
