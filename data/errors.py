"""Every error of ours says what happened, what was expected and what to do.

WatchfloorError
├── FileRefused        a partner's file as a whole cannot be taken
├── FolderUnusable     one partner's folder of the inbox cannot be worked in; others' can
├── RecipeError        a recipe is wrong or unknown
├── PolicyError        a policy.toml is wrong
├── NotApproved        a staged change of the policy cannot be approved by this person, or at all
├── NotPurged          nothing was taken out of the home
├── LabelRefused       a record's label holds a value that is not one
│   └── LabelMissing   originator, policy or level of a label comes from nowhere
├── RegionsRefused     a boundary file cannot be taken
├── HomeError          the home folder is missing, busy, or holds another operation
├── SettingError       an environment setting is wrong
├── ViewError          a View's query string holds a value that is not one
├── AccountRefused     an account or its password cannot be taken
├── SourceRefused      a source to be fetched cannot be declared, or is none
├── NotPulled          a source did not answer, or with something that cannot be taken
├── ScreenRefused      a screen cannot be enrolled, or is none
├── SignInRefused      an identity provider vouched for nobody we know
├── NotSaved           a view cannot be kept under a name
├── ExtractRefused     records cannot leave in a file: too many, none, or no recipient in common
├── ReportRefused      a record cannot be reported, or a report not decided, by this person or now
├── AuditUnavailable   an entry of the audit trail cannot be written: what it was for does not happen
├── AuditBroken        the audit trail is not as it was written
├── DetailsRefused     an entry would say what no entry may say
├── NotReleased        unknown, forbidden and expired are one and the same answer
└── StoreUnavailable   the store could not answer (time limit, damaged file)
"""

from __future__ import annotations

from data.words import Words, as_written, msgid


class WatchfloorError(Exception):
    """Base of all. `title` heads the notice, `message` is one clear sentence, `advice` says what to do.

    No part of it may ever hold a value that is withheld from the person who reads it. An error that a page
    shows gives sentence and advice as keys of the catalogue (`data.words.msgid`), and their `{values}` apart.
    """

    title = "Something went wrong"

    def __init__(self, message: str, advice: str = "", **values: object) -> None:
        self._keys, self._values = (message, advice), values
        self.message, self.advice = self.told(as_written)
        super().__init__(self.message)

    def told(self, words: Words) -> tuple[str, str]:
        """Sentence and advice in a language; in English where they are no keys of the catalogue."""
        sentence, advice = map(words, self._keys)
        if not self._values:
            return sentence, advice
        return sentence.format(**self._values), advice.format(**self._values)

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class FileRefused(WatchfloorError):
    """A partner's file as a whole cannot be taken; nothing of it was published."""

    title = "File refused"


class FolderUnusable(WatchfloorError):
    """A file cannot be taken out of a partner's folder; it waits, and holds up nobody else."""

    title = "Folder not usable"


class RecipeError(WatchfloorError):
    """A recipe is unknown, or its file says something that is not allowed there."""

    title = "Recipe not usable"


class PolicyError(WatchfloorError):
    """A policy.toml is refused as a whole: the file, the key, the value, what was expected."""

    title = "Policy refused"


class NotApproved(WatchfloorError):
    """An approval cannot be taken: who, which change, why."""

    title = "Not approved"


class NotPurged(WatchfloorError):
    """What was to be purged is not there, or may not be; nothing was taken away."""

    title = "Not purged"


class LabelRefused(WatchfloorError):
    """A label cannot be taken: its `field`, the value, what was `expected`."""

    title = "Label refused"

    def __init__(self, field: str, value: object, expected: str) -> None:
        said = repr(value)
        said = said if len(said) <= 80 else f"{said[:79]}…"
        super().__init__(f"The label's {field} is {said}; expected {expected}.")
        self.field = field
        self.expected = expected


class LabelMissing(LabelRefused):
    """No label without these: nothing is released, and nothing is taken, without saying whose it is."""

    title = "Label missing"

    def __init__(self, field: str) -> None:
        WatchfloorError.__init__(
            self,
            f"The label has no {field}.",
            "Give it in the row's own column, as an option, or in the recipe.",
        )
        self.field = field
        self.expected = "a value"


class RegionsRefused(WatchfloorError):
    """A boundary file cannot be taken; the regions loaded before stay as they were."""

    title = "Regions refused"


class OrganisationRefused(WatchfloorError):
    """A name or a code of an organisation cannot be taken as it was given; nothing was decided."""

    title = "Organisation not changed"


class CaseRefused(WatchfloorError):
    """A case study cannot be loaded: which one, which files, what to do."""

    title = "Case not loaded"


class HomeError(WatchfloorError):
    """The home folder cannot be used for what was asked."""

    title = "Home not usable"


class SettingError(WatchfloorError):
    """An environment setting has a value that is not one."""

    title = "Setting not usable"


class ViewError(WatchfloorError):
    """A View's query string holds a value that is not one."""

    title = "This link could not be read completely"


class AccountRefused(WatchfloorError):
    """An account cannot be made or changed as asked; nothing was changed."""

    title = "Account not changed"


class SourceRefused(WatchfloorError):
    """A source cannot be declared: the key, the value, what was expected."""

    title = "Source refused"


class NotPulled(WatchfloorError):
    """A source could not be fetched; what was known of it stays."""

    title = "Not fetched"


class CredentialRefused(WatchfloorError):
    """A credential cannot be made or taken back as was asked; nothing was changed."""

    title = "Credential not changed"


class KeyReused(WatchfloorError):
    """A delivery was posted under a key that another one has: neither is taken for the other."""

    title = "Delivery refused"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key belongs to another delivery, with other content.",
            "Post a new delivery under a new key, and repeat one as it was.",
        )


class SpoolFull(WatchfloorError):
    """Too much waits for the worker: nothing more is acknowledged until it has caught up."""

    title = "Not taken now"

    def __init__(self) -> None:
        super().__init__(
            "So much waits to be taken that no more fits.",
            "Post it again in a while, under the same key.",
        )


class ScreenRefused(WatchfloorError):
    """A screen cannot be enrolled as was asked, or there is none; nothing was changed."""

    title = "Screen refused"


class SignInRefused(WatchfloorError):
    """Somebody could not be signed in. The sentence is for the log: the page has one for all reasons."""

    title = "Not signed in"


class NotSaved(WatchfloorError):
    """A view cannot be kept. `reason`: name, long or many; the page has the words."""

    title = "View not saved"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The view cannot be kept: {reason}.")
        self.reason = reason


class ExtractRefused(WatchfloorError):
    """Records cannot be handed out as a file; nothing left the house."""

    title = "No file"


class ReportRefused(WatchfloorError):
    """A report, what was decided about one, or a recall cannot be taken; nothing was changed."""

    title = "Not done"


class NotReleased(WatchfloorError):
    """There is nothing to show: unknown, forbidden and expired are answered alike."""

    title = "Nothing to show"

    def __init__(self) -> None:
        super().__init__("There is no such record released to you.")


class StoreUnavailable(WatchfloorError):
    """The store could not answer in time or at all; details are in the log only."""

    title = "Not available"


class ReferenceRefused(WatchfloorError):
    """A file of a reference layer cannot be taken; what was loaded before stays as it was."""

    title = "Reference layer refused"


class AuditUnavailable(WatchfloorError):
    """An entry of the audit trail could not be written and kept: whatever it was for does not happen.

    A page is told no more than that; sentence and advice are for who runs the server.
    """

    title = "Not recorded"

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message, self.advice = message, advice

    def told(self, words: Words) -> tuple[str, str]:
        """The same to every person, whatever was the cause."""
        return (
            words(msgid("This could not be recorded, so it was not done.")),
            words(msgid("Tell whoever runs the server: its log says why.")),
        )


class AuditBroken(WatchfloorError):
    """The audit trail is not as it was written: the first fault in words, and where."""

    title = "The audit trail does not verify"


class DetailsRefused(WatchfloorError):
    """An entry's details hold what no entry may hold. Names the key, never the value."""

    title = "Entry refused"

    def __init__(self, key: str, expected: str) -> None:
        super().__init__(f"The details of an entry are not usable at {key[:80]!r}; expected {expected}.")
