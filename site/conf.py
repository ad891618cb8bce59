"""How Sphinx makes the site's pages; assemble.py lays together what it reads."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "build" / "site-static"
sys.path.insert(0, str(HERE))

import launch  # noqa: E402

project = "teachkit"
author = copyright = "the teachkit authors"
version = release = launch.PROJECT["version"]
language = "en"
smartquotes = False  # texts as they stand in the notebooks
exclude_patterns = ["README.md"]  # parts of it are on the first page
extensions = ["myst_nb", "formulas", "pages"]
templates_path = ["_templates"]

nb_execution_mode = "off"  # outputs are those that stand in the notebooks
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "pages.anchor"

html_math_renderer = "katex"  # ours, in formulas.py
html_theme = "furo"
html_title = "teachkit"
html_favicon = "_static/icon.svg"
html_static_path = ["_static", str(STATIC)]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]  # a module would not run from a file
html_copy_source = False
html_use_index = False
html_permalinks_icon = "#"
html_theme_options = {"source_repository": launch.repository(), "top_of_page_buttons": []}
