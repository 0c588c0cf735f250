"""Binds the rows of the first sign-in, and those of the further ones, to a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gi.repository import Gtk

from spacebeam.profiles.profile import Profile
from spacebeam.profiles.validation import ValidationError, is_of_further
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.further_sign_ins_group import FurtherSignInsGroup


@weak_handlers
class SignInForm(OptionsForm):
    """The fields of the page, and the list of further sign-ins."""

    def __init__(self, rows: Mapping[str, Gtk.Widget], further: FurtherSignInsGroup) -> None:
        super().__init__(rows)
        self._further = further
        further.connect("changed", self._on_further_changed)

    def show(self, profile: Profile) -> None:
        self._further.show_sign_ins(profile.other_sign_ins)
        if profile.other_sign_ins:
            self._further.set_visible(True)
        super().show(profile)

    def read(self, profile: Profile) -> Profile:
        return replace(super().read(profile), other_sign_ins=self._further.sign_ins)

    def show_errors(self, errors: tuple[ValidationError, ...]) -> None:
        super().show_errors(tuple(one for one in errors if not is_of_further(one)))
        self._further.show_errors([one for one in errors if is_of_further(one)])

    def focus(self, error: ValidationError) -> bool:
        if not is_of_further(error):
            return super().focus(error)
        self._further.focus_error(error)
        return True

    def _on_further_changed(self, _group: FurtherSignInsGroup) -> None:
        self._on_field_changed()
