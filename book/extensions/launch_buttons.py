"""Buttons that open a chapter elsewhere, and lead to its source.

``repository`` in ``_config.yml`` is the one setting behind all of them. While it is not
set, no page has such a button. ``exercises.handout.launch`` makes the addresses.
"""

from pathlib import Path

from book.extensions.repository import is_chapter
from exercises.handout.launch import Home, links, read_home

LOGOS = {
    "Colab": "_static/images/logo_colab.png",
    "Binder": "_static/images/logo_binder.svg",
    "JupyterHub": "_static/images/logo_jupyterhub.svg",
}


def set_options(app, config) -> None:
    """Tell the theme where the repository is, for its edit and issue buttons."""
    config.repository_home = home = read_home(Path(app.confdir) / "_config.yml")
    if home:
        config.html_theme_options |= {
            "repository_url": home.url,
            "repository_branch": home.branch,
            "use_repository_button": True,
            "use_edit_page_button": True,
            "use_issues_button": True,
        }


def launch_group(home: Home, chapter: Path) -> dict:
    """Return the button that opens a list of services."""
    buttons = [
        {
            "type": "link",
            "url": url,
            "text": service,
            "tooltip": f"Open this chapter on {service}",
            "icon": LOGOS[service],
            "label": f"launch-{service.lower()}-button",
        }
        for service, url in links(home, chapter).items()
    ]
    return {
        "type": "group",
        "tooltip": "Open this chapter elsewhere",
        "icon": "fas fa-rocket",
        "buttons": buttons,
        "label": "launch-buttons",
    }


def offer_services(app, pagename, templatename, context, doctree) -> None:
    """Put the launch button on the page of a chapter."""
    home = app.config.repository_home
    path = Path(app.env.doc2path(pagename))
    if home and is_chapter(pagename) and path.suffix == ".ipynb":
        group = launch_group(home, path)
        context["header_buttons"].append(group)


def setup(app):
    """Run when the settings are known, and when the buttons of a page are."""
    app.add_config_value("repository_home", None, "html", (Home, type(None)))
    app.connect("config-inited", set_options, priority=100)  # before the theme
    app.connect("html-page-context", offer_services, priority=502)  # the theme's is 501
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
