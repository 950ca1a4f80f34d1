"""The QR code of a link."""

import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def qr_code(link: str) -> SafeString:
    """Inline SVG of `link`; dark on white in every theme, as cameras expect it."""
    drawing = segno.make(link, micro=False).svg_inline(
        omitsize=True,
        light="#fff",
        svgclass="qr-code",
        lineclass=None,
        title=_("QR code of the link to this survey"),
    )
    return SafeString(drawing.replace("<svg ", '<svg role="img" ', 1))
