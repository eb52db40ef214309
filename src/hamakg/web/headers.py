"""The headers of every answer."""

POLICY = (
    # no script and nothing from other servers: labels and texts in the data were written by strangers
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

COMMON = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # everything is public, so pages of any origin may read it; nothing depends on cookies
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Hamakg-Cut, Link, Location, Retry-After",
}

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
"""The answer to OPTIONS (https://fetch.spec.whatwg.org/#http-cors-protocol)."""
