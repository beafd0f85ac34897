"""Crawls of simulated boards, as the crawler's tests share them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.bases.board_spider import Known
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.systems import find_board
from postings import BoardRun, JobPosting
from simulator.serving import GatewayServer
from simulator.world import World

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
FAST: dict[str, Any] = {**UNTHROTTLED, "RETRY_TIMES": 1, "LOG_LEVEL": "CRITICAL"}


def crawled(
    simulator: GatewayServer, *urls: str, etags: dict[str, str] | None = None, **settings: Any
) -> dict[str, tuple[BoardRun, list[JobPosting]]]:
    """Crawl boards of a simulator; each one's run and postings."""
    found: dict[str, tuple[BoardRun, list[JobPosting]]] = {}
    crawl(
        [find_board(url) for url in urls],
        observed_at=NOW,
        on_run=lambda run, postings: found.__setitem__(run.board_url, (run, list(postings))),
        known=Known(etags=etags or {}),
        settings={**FAST, "ROLEMIX_GATEWAY": simulator.url, **settings},
    )
    return found


def board_of(world: World, system: str) -> str:
    return next(board.url for board in world.boards if board.system.name == system)


def scrapy(*arguments: str, gateway: str = "") -> subprocess.CompletedProcess[str]:
    """Run Scrapy's own command."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "ROLEMIX_GATEWAY": gateway},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
