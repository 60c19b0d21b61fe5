"""Pages of rows by keyset: stable while rows come and go, equally fast on page 1 and page 100,000."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    ordering = "-pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
