"""The exercise goes on: its clock runs, and its partners' systems post what they have to tell.

What is posted goes through the home's spool as everybody's deliveries do, and the worker takes it. The clock
waits for both: when too much waits for the worker, or nothing can be put down, exercise time stands until
there is room again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from data.clock import Clock, system_clock
from data.credentials import Credential
from data.errors import HomeError, KeyReused, SpoolFull
from data.exercise_clock import LAST, LEASE, Course, read_course, write_course
from data.home import EXERCISE, Home
from data.lake import LakeWriter
from data.only_one import only_one
from data.sample.going_on import GoingOn, Post
from data.sample.load import seed_of
from data.sample.own_words import content_of
from data.sample.rows import OPERATION
from data.sample.storm import END
from data.sample.world import world
from data.spool import Spool

log = logging.getLogger("watchfloor.play")

LOOKS_EVERY_SECONDS = 0.5
RENEWS_EVERY = timedelta(seconds=1)
MOST_WAITING = 200
"""Deliveries that may wait for the worker: then the exercise waits too."""

NOBODY_TAKES = timedelta(seconds=20)
"""A delivery that has waited so long is taken by nobody."""

AS_GOOD_AS = timedelta(seconds=1)
"""The last moment is met up to the rounding of a microsecond at the highest speed."""

LOOKS_BACK = timedelta(hours=2)
"""What is told again at the beginning, in case the last play was killed before it had put it down. What was
posted under its key already is the same delivery, and no second one."""


def is_sample(home: Home) -> bool:
    """Whether the home holds the sample exercise, or will in a moment."""
    operation = home.policy().operation
    return operation.kind == EXERCISE and operation.id == OPERATION


class Player:
    """Plays the exercise of one home. `told` gets sentences for whoever started it."""

    def __init__(
        self,
        home: Home,
        speed: float,
        lasts: timedelta | None = None,
        told: Callable[[str], None] = log.info,
        real: Clock = system_clock,
    ) -> None:
        self._home, self._speed, self._lasts = home, speed, lasts
        self._tell, self._real = told, real
        self._spool = Spool(home)
        self._posts: list[Post] = []
        self._said = ""
        self._is_late = False

    def run(self, ended: threading.Event) -> None:
        """Play until `ended` is set, or for as long as was asked. Raises HomeError when it cannot be."""
        if not self._is_ready(ended):
            return
        with only_one(
            self._home.spool / "play.lock", f"The exercise in {self._home.path} is being played already."
        ):
            course, going_on = self._begin()
            last = self._last(course)
            self._tell(f"The exercise goes on from {course.exercise_at:%Y-%m-%d %H:%M}Z  (Ctrl+C ends it)")
            while not ended.is_set():
                now = self._real()
                course = self._step(course, going_on, last, now)
                if last - course.end < AS_GOOD_AS and now >= course.until and not self._posts:
                    break
                ended.wait(LOOKS_EVERY_SECONDS)
            if self._lasts is None and not ended.is_set():
                self._tell(f"The exercise stands at {last:%Y-%m-%d %H:%M}Z: there an agreement ends.")
                ended.wait()  # and is not begun again by whoever watches over it

    def _is_ready(self, ended: threading.Event) -> bool:
        """Wait until the sample is made. Raises HomeError when the home is another operation's."""
        waits = False
        while True:
            if self._home.policy_file.exists():
                if not (is_sample(self._home) or self._home.is_unused):
                    raise HomeError(
                        f"The home {self._home.path} holds {self._home.policy().operation.id!r}, and only the"
                        " sample exercise can be played.",
                        "Set WATCHFLOOR_HOME to a home that `sample` or `serve` made.",
                    )
                if is_sample(self._home) and self._home.holds_rows("files_taken"):
                    return True
            if not waits:
                self._tell("Waiting for the sample exercise: `serve` or `sample` makes it.")
            waits = True
            if ended.wait(LOOKS_EVERY_SECONDS):
                return False

    def _begin(self) -> tuple[Course, GoingOn]:
        """From where the clock stands, at its latest; what was told shortly before is told again.

        Where nobody played yet, from the operation's end, or from the last that is known: while its clock
        went on by itself, somebody may have delivered.
        """
        with LakeWriter(self._home) as lake:
            seed, known = seed_of(lake), lake.knowledge_ends_at()
        before = read_course(self._home.exercise_clock_file)
        stands = before.end if before is not None else END
        back = max(LOOKS_BACK, RENEWS_EVERY * 10 * max(self._speed, before.speed if before else 0.0))
        going_on = GoingOn(world(), seed, stands - back)
        begins = max(stands, self._home.policy().operation.until_at or END, known or END)
        return Course.from_here(begins, self._speed, self._real()), going_on

    def _last(self, course: Course) -> datetime:
        """Beyond the end of an agreement partners see less, and nothing of this exercise would go on."""
        ends = [
            one.until_at
            for one in self._home.policy().agreements
            if one.until_at is not None and one.until_at > course.exercise_at
        ]
        asked = [course.exercise_at + self._lasts] if self._lasts is not None else []
        return min([LAST, *(end - timedelta(minutes=1) for end in ends), *asked])

    def _step(self, course: Course, going_on: GoingOn, last: datetime, now: datetime) -> Course:
        """Put down what is due; as long as that can be done, time goes on."""
        self._posts += going_on.due(course.at(now))
        if not self._is_taken(now) or not self._put_down():
            return course
        if LEASE - RENEWS_EVERY < course.until - now <= LEASE:
            return course
        renewed = course.renewed(now, last)
        try:
            write_course(self._home.exercise_clock_file, renewed)
        except HomeError as error:
            self._say(str(error))
            return course
        self._said = ""
        return renewed

    def _is_taken(self, now: datetime) -> bool:
        """Whether there is room for more in the spool."""
        try:
            waiting = self._spool.how_many_wait()
            oldest = self._spool.waiting()
        except HomeError as error:
            self._say(str(error))
            return False
        is_late = bool(oldest) and now - oldest[0].at >= NOBODY_TAKES
        if is_late and not self._is_late:
            self._tell("Nobody takes what is posted: start `python app.py work` (or `make run`).")
        self._is_late = is_late
        return waiting < MOST_WAITING

    def _put_down(self) -> bool:
        """Whether all that is due stands in the spool."""
        while self._posts:
            try:
                self._put(self._posts[0])
            except KeyReused:
                log.info("told otherwise before: %s of %s", self._posts[0].source.name, self._posts[0].at)
            except (SpoolFull, HomeError) as error:
                self._say(str(error))
                return False
            del self._posts[0]
        return True

    def _put(self, post: Post) -> None:
        source, content = post.source, content_of(post)
        if content:
            credential = Credential(f"exercise-{source.name}", source.originator, source.feed, source.name)
            key = f"{post.at:%Y-%m-%dT%H:%MZ}"
            self._spool.put(credential, key, "records", content)
            log.info("%s %s: %d", key, source.name, len(post.said))

    def _say(self, sentence: str) -> None:
        """Once, not at every look."""
        if sentence != self._said:
            self._said = sentence
            self._tell(sentence)
