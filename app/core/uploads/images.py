"""Pictures drawn anew: what is kept is what can be seen, and nothing that was hidden in the file."""

from __future__ import annotations

import io
import warnings
from typing import IO, Any

from app.core.rules import N_, RuleViolation, Violation

#: What a picture may take in memory: 16 million coloured dots, more than an A4 scan at 300 dots.
_MEMORY = 64 * 1024 * 1024
#: A photograph may have more dots: it is made smaller while it is read.
_MOST_JPEG_PIXELS = 120_000_000
#: Bytes that Pillow takes for a dot; coloured ones always take four.
_DEEP = 4
_FLAT = {"1": 1, "L": 1, "P": 1, "LA": 2, "I;16": 2}
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
_JPEG_QUALITY = 90


def redraw(stream: IO[bytes], extension: str, field: str) -> bytes:
    """Return the picture in the same format without metadata, turned upright.

    Place, camera, comments, thumbnails, further frames and appended bytes are gone. Raises
    `RuleViolation` when it is no picture of that format, broken, or too large to be opened.
    """
    from PIL import Image, ImageOps

    form = _FORMATS[extension]
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream, formats=[form]) as picture:
                _fit_memory(picture, form, field)
                picture.load()
                ImageOps.exif_transpose(picture, in_place=True)
                return _encoded(picture, form)
    except RuleViolation:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise _too_large(field) from error
    except Exception as error:
        # Pillow's decoders raise almost anything for a broken file; each means the same here.
        raise RuleViolation(
            Violation(field, N_("The picture is damaged; save or take it again."))
        ) from error


def _fit_memory(picture: Any, form: str, field: str) -> None:
    """Refuse a picture that would not fit, or let the decoder read a photograph at half the size."""
    pixels = picture.width * picture.height
    room = _MEMORY // _FLAT.get(picture.mode, _DEEP)
    if pixels <= room:
        return
    # A progressive photograph is held whole before it can be made smaller.
    if form != "JPEG" or pixels > _MOST_JPEG_PIXELS or picture.info.get("progressive"):
        raise _too_large(field)
    scale = 2
    while pixels // scale**2 > room:
        scale *= 2
    picture.draft(None, (picture.width // scale, picture.height // scale))


def _too_large(field: str) -> RuleViolation:
    return RuleViolation(
        Violation(
            field,
            N_("The picture has too many pixels (at most %(most)s million); make it smaller."),
            {"most": _MEMORY // _DEEP // 1_000_000},
        )
    )


def _encoded(picture: Any, form: str) -> bytes:
    allowed = {"JPEG": {"L", "RGB"}, "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}}
    if picture.mode not in allowed.get(form, {"RGB", "RGBA"}):
        alpha = form != "JPEG" and ("A" in picture.mode or "transparency" in picture.info)
        picture = picture.convert("RGBA" if alpha else "RGB")
    transparency = picture.info.get("transparency") if form == "PNG" else None
    # A copy without the dictionary in which Pillow carries everything that is not a pixel.
    picture.info = {} if transparency is None else {"transparency": transparency}
    buffer = io.BytesIO()
    options: dict[str, object] = {"quality": _JPEG_QUALITY} if form != "PNG" else {}
    picture.save(buffer, form, **options)
    return buffer.getvalue()
