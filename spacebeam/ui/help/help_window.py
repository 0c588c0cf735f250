"""The window of the help: a list of topics, and the page of one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gi.repository import Adw, Gio, GObject, Gtk

from spacebeam.help.topics import TOPICS, page
from spacebeam.ui.actions import add, enable
from spacebeam.ui.help.help_view import HelpView
from spacebeam.ui.help.page_text import TRY, topic_text
from spacebeam.ui.help.topic_row import TopicRow
from spacebeam.ui.input_method import Composing
from spacebeam.ui.surface_width import SurfaceWidth
from spacebeam.ui.template import template
from spacebeam.wording.help import match_words, no_conversation_words

_MAX_WIDTH = 760  # pixels of the page, as longer lines are hard to read
_FOLDED = 500  # pixels; in a narrower window the topics lie over the page
_SHORTCUTS = (
    ("<Control>f", "help.find"),
    ("<Control>g", "help.next-match"),
    ("<Control><Shift>g", "help.previous-match"),
    ("<Alt>Left", "help.back"),
    ("<Alt>Right", "help.forward"),
    ("F9", "help.topics"),
    ("Escape", "help.escape"),
    ("<Control>w", "window.close"),
)


@template("help_window.ui")
class HelpWindow(Adw.Window):
    """Emits `filter-tried` with a filter that is to be shown in a conversation."""

    __gtype_name__ = "SpacebeamHelpWindow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "filter-tried": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _topics_button: Gtk.ToggleButton = Gtk.Template.Child()
    _search_bar: Gtk.SearchBar = Gtk.Template.Child()
    _search_entry: Gtk.SearchEntry = Gtk.Template.Child()
    _match_label: Gtk.Label = Gtk.Template.Child()
    _toast_overlay: Adw.ToastOverlay = Gtk.Template.Child()
    _flap: Adw.Flap = Gtk.Template.Child()
    _topics_list_box: Gtk.ListBox = Gtk.Template.Child()
    _stack: Gtk.Stack = Gtk.Template.Child()

    def __init__(self, target: str = "") -> None:
        """Show a topic, or a place on its page as `topic#anchor`; "" is the first topic."""
        super().__init__()
        self._before: list[tuple[str, int]] = []  # topics, and where their pages were scrolled to
        self._after: list[tuple[str, int]] = []
        self._count = self._match = 0  # of the page's matches: how many, and the current one
        self._elsewhere = 0  # topics with matches
        self._views: dict[str, HelpView] = {}  # of the topics that were shown
        self._rows = {topic: TopicRow(page(topic)) for topic in TOPICS}
        for row in self._rows.values():
            self._topics_list_box.append(row)
        self._search_bar.connect_entry(self._search_entry)
        # Of its own group, it can be used while a dialog is open elsewhere.
        Gtk.WindowGroup().add_window(self)
        Composing(self)
        self._actions = self._add_actions()
        self._surface_width = SurfaceWidth(self, self._on_width_changed)
        topic, _hash, anchor = target.partition("#")
        self._view = self._view_of(topic or TOPICS[0])
        self._show(self._view.topic, anchor)
        self._view.grab_focus()

    def _add_actions(self) -> Gio.SimpleActionGroup:
        keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
        for key, action in _SHORTCUTS:
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            keys.add_shortcut(Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(action)))
        self.add_controller(keys)
        group = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            "find": self._find,
            "next-match": partial(self._step, 1),
            "previous-match": partial(self._step, -1),
            "back": self._go_back,
            "forward": self._go_forward,
            "topics": self._focus_topics,
            "escape": self._escape,
        }
        add(group, reactions)
        self.insert_action_group("help", group)
        return group

    # Topics

    def show_topic(self, target: str) -> None:
        """Show a topic, or a place on its page as `topic#anchor`; "" is what is shown already."""
        topic, _hash, anchor = target.partition("#")
        shown = self._view.topic
        if topic in ("", shown) and not anchor:
            return
        self._before.append((shown, self._view.offset))
        self._after.clear()
        self._show(topic or shown, anchor)

    def _view_of(self, topic: str) -> HelpView:
        """Return the view of a topic, which is made at the first call."""
        if topic not in self._views:
            view = HelpView(topic)
            view.connect("followed", self._on_view_followed)
            clamp = Adw.ClampScrollable(
                child=view, maximum_size=_MAX_WIDTH, tightening_threshold=_MAX_WIDTH
            )
            scrolled_window = Gtk.ScrolledWindow(
                child=clamp, hscrollbar_policy=Gtk.PolicyType.NEVER, css_classes=["view"]
            )
            self._stack.add_child(scrolled_window)
            self._views[topic] = view
        return self._views[topic]

    def _show(self, topic: str, anchor: str = "") -> None:
        had_focus = self._view.is_focus()
        self._view = self._view_of(topic)
        scrolled_window = self._view.get_ancestor(Gtk.ScrolledWindow)
        assert scrolled_window is not None
        self._stack.set_visible_child(scrolled_window)
        self._view.go_to(anchor)
        if had_focus:
            self._view.grab_focus()
        self.set_title(page(topic).title)
        self._topics_list_box.select_row(self._rows[topic])
        self._show_matches(goes_there=not anchor)
        enable(self._actions, "back", bool(self._before))
        enable(self._actions, "forward", bool(self._after))

    def _go_back(self) -> None:
        self._go(self._before, self._after)

    def _go_forward(self) -> None:
        self._go(self._after, self._before)

    def _go(self, there: list[tuple[str, int]], here: list[tuple[str, int]]) -> None:
        if there:
            here.append((self._view.topic, self._view.offset))
            topic, offset = there.pop()
            self._show(topic)
            self._view.scroll_to(offset)

    def _focus_topics(self) -> None:
        """Move the focus to the list of topics, or back to the page."""
        if self._topics_list_box.get_focus_child() is not None:
            self._leave_topics()
        else:
            self._flap.set_reveal_flap(True)
            self._rows[self._view.topic].grab_focus()

    def _leave_topics(self) -> None:
        if self._flap.get_folded():
            self._flap.set_reveal_flap(False)
        self._view.grab_focus()

    def _escape(self) -> None:
        """Close the search, the topics over the page, or else the window."""
        if self._search_bar.get_search_mode():
            self._search_bar.set_search_mode(False)
            self._view.grab_focus()
        elif self._flap.get_folded() and self._flap.get_reveal_flap():
            self._leave_topics()
        else:
            self.close()

    def say_no_conversation(self) -> None:
        """Say that a filter cannot be tried without a conversation."""
        self._toast_overlay.add_toast(Adw.Toast(title=no_conversation_words()))

    # Searching

    def _find(self) -> None:
        self._search_bar.set_search_mode(True)
        self._search_entry.grab_focus()

    def _show_matches(self, *, goes_there: bool = True) -> None:
        """Mark the matches on the page, go to the first one, and count those of each topic."""
        words = self._search_entry.get_text() if self._search_bar.get_search_mode() else ""
        counts = {topic: len(topic_text(topic).matches(words)) for topic in self._rows}
        for topic, row in self._rows.items():
            row.show_count(counts[topic] if words else None)
        self._elsewhere = sum(bool(count) for count in counts.values())
        self._count, self._match = self._view.find(words), 0
        if self._count and goes_there:
            self._view.show_match(0)
        self._show_match_words()

    def _show_match_words(self) -> None:
        has_words = bool(self._search_bar.get_search_mode() and self._search_entry.get_text())
        words = match_words(self._match, self._count, self._elsewhere)
        self._match_label.set_text(words if has_words else "")
        for name in ("next-match", "previous-match"):
            enable(self._actions, name, has_words and bool(self._elsewhere))

    def _step(self, by: int) -> None:
        """Show another match on the page; if there is none, the next topic that has one."""
        if self._count:
            self._match = (self._match + by) % self._count
            self._view.show_match(self._match)
            self._show_match_words()
        elif self._elsewhere:
            words, place = self._search_entry.get_text(), TOPICS.index(self._view.topic)
            others = (*TOPICS[place + 1 :], *TOPICS[:place])[::by]
            self.show_topic(next(one for one in others if topic_text(one).matches(words)))

    def _on_width_changed(self, width: int) -> None:
        is_folded = width < _FOLDED
        if is_folded is not (self._flap.get_fold_policy() == Adw.FlapFoldPolicy.ALWAYS):
            policy = Adw.FlapFoldPolicy.ALWAYS if is_folded else Adw.FlapFoldPolicy.NEVER
            self._flap.set_fold_policy(policy)
            self._flap.set_reveal_flap(not is_folded)

    @Gtk.Template.Callback()
    def _on_topics_list_box_row_activated(self, _list_box: Gtk.ListBox, row: TopicRow) -> None:
        self.show_topic(row.topic)
        self._leave_topics()

    def _on_view_followed(self, _view: HelpView, target: str) -> None:
        if target.startswith(TRY):
            self.emit("filter-tried", target.removeprefix(TRY))
        elif target.startswith("https://"):
            Gtk.show_uri(self, target, 0)
        else:
            self.show_topic(target)

    @Gtk.Template.Callback()
    def _on_search_bar_notify_search_mode_enabled(
        self, _bar: Gtk.SearchBar, _property: GObject.ParamSpec
    ) -> None:
        self._show_matches()

    @Gtk.Template.Callback()
    def _on_search_entry_changed(self, _entry: Gtk.SearchEntry) -> None:
        self._show_matches()

    @Gtk.Template.Callback()
    def _on_search_entry_next(self, _entry: Gtk.SearchEntry) -> None:
        self._step(1)

    @Gtk.Template.Callback()
    def _on_search_entry_previous(self, _entry: Gtk.SearchEntry) -> None:
        self._step(-1)

    @Gtk.Template.Callback()
    def _on_search_entry_stop_search(self, _entry: Gtk.SearchEntry) -> None:
        self._escape()
