#!/usr/bin/python3
"""WebKit with a folder that keeps what pages store, so that it can be killed and started again.

WebKit's own small browser keeps nothing while a driver has it. Usage:

- `webkit-with-profile.py --profile=FOLDER`, started by WebKit's driver
- `webkit-with-profile.py --profile=FOLDER --lines`, without a driver, which gives up where a
  process of the browser is killed. Each line of input is a JSON text, `{"url": ...}` or
  `{"script": ...}` (the body of a function, which may return a promise), and so is each line of
  output, `{"value": ...}` or `{"error": ...}`.
"""

import argparse
import json
import sys
import threading

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402


def context_of(folder):
    """A web context that keeps its data in a folder."""
    manager = WebKit2.WebsiteDataManager(
        base_data_directory=f"{folder}/data", base_cache_directory=f"{folder}/cache"
    )
    context = WebKit2.WebContext(website_data_manager=manager)
    context.get_cookie_manager().set_persistent_storage(
        f"{folder}/cookies.sqlite", WebKit2.CookiePersistentStorage.SQLITE
    )
    # With a cache of pages for going back, as browsers have it.
    context.set_cache_model(WebKit2.CacheModel.WEB_BROWSER)
    return context


def show(view, **properties):
    """Shows a view, and those of the windows that its page opens."""
    window = Gtk.Window(default_width=1024, default_height=768)
    window.add(view)
    view.connect("close", lambda _: window.destroy())
    view.connect(
        "create",
        lambda *_: show(WebKit2.WebView(related_view=view, **properties), **properties),
    )
    window.show_all()
    return view


def serve_driver(context):
    """Does what WebKit's driver asks for."""
    automated = {"is_controlled_by_automation": True}

    def started(_, session):
        info = WebKit2.ApplicationInfo()
        info.set_name("WebKitGTK")
        info.set_version(
            WebKit2.get_major_version(),
            WebKit2.get_minor_version(),
            WebKit2.get_micro_version(),
        )
        session.set_application_info(info)
        session.connect(
            "create-web-view",
            lambda _: show(WebKit2.WebView(web_context=context, **automated), **automated),
        )

    context.set_automation_allowed(True)
    context.connect("automation-started", started)


class Lines:
    """Does what the lines of input ask for, one after the other."""

    def __init__(self, context):
        self.view = show(WebKit2.WebView(web_context=context))
        self.view.connect("load-changed", self.loaded)
        self.view.connect("web-process-terminated", self.terminated)
        self.loading = None
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in sys.stdin:
            GLib.idle_add(self.do, json.loads(line))
        GLib.idle_add(Gtk.main_quit)

    def do(self, asked):
        if "url" in asked:
            self.loading = asked["url"]
            self.view.load_uri(self.loading)
        else:
            body = f"return JSON.stringify(await (async () => {{ {asked['script']} }})() ?? null)"
            self.view.call_async_javascript_function(
                body, -1, None, None, None, None, self.called
            )

    def loaded(self, _, event):
        if self.loading and event == WebKit2.LoadEvent.FINISHED:
            self.loading = None
            self.answer({"value": None})

    def terminated(self, view, _):
        # The page was asked of a process that had been killed.
        if self.loading:
            view.load_uri(self.loading)

    def called(self, view, result):
        try:
            value = view.call_async_javascript_function_finish(result)
            self.answer({"value": json.loads(value.to_string())})
        except GLib.Error as error:
            self.answer({"error": error.message})

    def answer(self, text):
        print(json.dumps(text), flush=True)


parser = argparse.ArgumentParser()
parser.add_argument("--profile", required=True)
parser.add_argument("--lines", action="store_true")
given = parser.parse_args()
serve = Lines if given.lines else serve_driver
serving = serve(context_of(given.profile))
Gtk.main()
