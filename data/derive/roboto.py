"""data/fonts/roboto-regular.ttf.gz, roboto-bold.ttf.gz: what printed pages are set in; Latin, Greek and Cyrillic.

    python -m venv venv && venv/bin/pip install font-roboto==0.0.1 fonttools==4.68.0
    cd data/derive && ../../venv/bin/python roboto.py

Every character of the package's fonts, without hints, kerning and alternatives, which a page of PDF doesn't use.
"""

import gzip
import importlib.metadata
import io
import sys

import font_roboto
from fontTools import subset

PINNED = "0.0.1"

if __name__ == "__main__":
    if (found := importlib.metadata.version("font-roboto")) != PINNED:
        sys.exit(f"needs font-roboto {PINNED}, found {found}")
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 5, 6, 13, 14], notdef_outline=True)
    # Otherwise the day of the run is in the file.
    options.recalc_timestamp = False
    for style in ("Regular", "Bold"):
        font = subset.load_font(f"{font_roboto.font_directory}/Roboto-{style}.ttf", options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=font.getBestCmap())
        subsetter.subset(font)
        out = io.BytesIO()
        subset.save_font(font, out, options)
        packed = gzip.compress(out.getvalue(), compresslevel=9, mtime=0)
        with open(f"../fonts/roboto-{style.lower()}.ttf.gz", "wb") as file:
            file.write(packed)
        print(f"fonts/roboto-{style.lower()}", len(font.getBestCmap()), "characters", len(packed), "bytes")
