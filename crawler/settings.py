"""Scrapy settings: polite and safe by default, with the reason for each departure from Scrapy's defaults."""

import os
from importlib.metadata import PackageNotFoundError, version

try:
    _VERSION = version("rolemix")
except PackageNotFoundError:  # a checkout on the path, not installed
    _VERSION = "0"

BOT_NAME = "rolemix"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# An honest name, and where to complain: set ROLEMIX_CONTACT to your e-mail address or a page of yours.
ROLEMIX_CONTACT = os.environ.get("ROLEMIX_CONTACT", "")
USER_AGENT = f"rolemix/{_VERSION}" + (f" (+{ROLEMIX_CONTACT})" if ROLEMIX_CONTACT else "")

# Politeness: one request a second to a host, fewer when it is slow, and robots.txt is obeyed.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "rolemix"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.politeness.robots.RobotsMiddleware": 100,  # in its place
    "crawler.politeness.robots.TermsMiddleware": 110,  # after robots.txt
    "crawler.politeness.robots.RobotsServerErrorMiddleware": 540,  # after the last retry
}
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # jitter would make some gaps shorter than a second
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
RETRY_TIMES = 2
CONCURRENT_ITEMS = 1  # Scrapy starts as many tasks for each response; no pipeline here waits for anything
ROLEMIX_RETRY_AFTER_MAX = 120  # seconds; a host that asks for a longer pause is given up for the run

# Where it is set, requests for https://host/path go to ROLEMIX_GATEWAY/host/path: a simulator, a replay, an archive.
ROLEMIX_GATEWAY = os.environ.get("ROLEMIX_GATEWAY", "")
DOWNLOAD_HANDLERS = {
    "http": "crawler.politeness.download_handler.BoardDownloadHandler",
    "https": "crawler.politeness.download_handler.BoardDownloadHandler",
    # An address from a user or a redirect must not reach files or other protocols.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

# Scrapy's checks of a spider's code, which would be made anew for each response.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # there is no limit of depth
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
WARN_ON_GENERATOR_RETURN_VALUE = False

# Bounds: generous for a board whose texts are all in one response, and an end to a hostile one.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 128 * 1024 * 1024
DOWNLOAD_WARNSIZE = 48 * 1024 * 1024
REDIRECT_MAX_TIMES = 5
DOWNLOAD_VERIFY_CERTIFICATES = True
COOKIES_ENABLED = False

# Nothing on this machine is opened to others.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = os.environ.get("ROLEMIX_LOG", "INFO")
EXTENSIONS = {"crawler.runs.verdict_log.VerdictLog": 0}
