"""The headers of every answer."""

POLICY = (
    # No script, nothing from elsewhere: labels and texts in the data are strangers' words.
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

COMMON = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # All of it is public to read, for pages of any origin; nothing depends on cookies.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Hamakg-Cut, Link, Location, Retry-After",
}

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
"""https://fetch.spec.whatwg.org/#http-cors-protocol"""
