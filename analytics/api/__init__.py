"""API v1 of what the answers say: releases, analyses, exports."""
