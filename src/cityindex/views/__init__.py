"""The views: pages, figures and workbooks made from records; none of them computes anything of the index."""
