"""What Scrapy's robots.txt middleware leaves open: a robots.txt that the host fails to give."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached


class UnreadRobotsForbid:
    """Reads a robots.txt that is answered with a server error as one that forbids everything (RFC 9309, 2.3.1.4).

    Scrapy would read the error page for rules, find none, and go on.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Put the rule in the place of the error."""
        if response.status >= 500 and urlparse_cached(request).path == "/robots.txt":
            return response.replace(status=200, body=b"User-agent: *\nDisallow: /\n")
        return response
