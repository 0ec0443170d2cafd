"""What people, programs and HubSpot itself do to the portal between runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from icp_sync.sandbox.store.history_sources import SOURCES, person_source
from tests.drills.histories.edition import COMPUTED, FLAG, INPUTS, LIST, LOCK, STRICT, TIER
from tests.drills.histories.records import members
from tests.drills.histories.world import World

WHO: Final = {"person": person_source(12), **{name: SOURCES[name] for name in ("workflow", "import", "integration")}}
# Few companies are ever touched, so that what is done to one meets what was done to it before.
PLACES: Final = st.integers(0, 9)
WRITERS: Final = st.sampled_from(sorted(WHO))
HOUR: Final = 3_600


class Edits(World):
    """The rules of everybody but icp_sync."""

    @rule(place=PLACES, name=st.sampled_from(sorted(INPUTS)), choice=st.integers(0, 3), who=WRITERS)
    def edit_input(self, place: int, name: str, choice: int, who: str) -> None:
        self.edit(place, {name: ("", *INPUTS[name])[choice % (len(INPUTS[name]) + 1)]}, who)

    @rule(place=PLACES, name=st.sampled_from(sorted(INPUTS)))
    def lose_input(self, place: int, name: str) -> None:
        self.edit(place, {name: ""}, "import")

    @rule(place=PLACES, tier=st.sampled_from(["", "tier_1", "tier_2", "tier_3"]), who=WRITERS)
    def edit_tier(self, place: int, tier: str, who: str) -> None:
        self.edit(place, {TIER: tier}, who)

    @rule(place=PLACES, flag=st.sampled_from(["true", "false"]), who=WRITERS)
    def edit_flag(self, place: int, flag: str, who: str) -> None:
        self.edit(place, {FLAG: flag}, who)

    @rule(place=PLACES, name=st.sampled_from(sorted(COMPUTED)), who=WRITERS)
    def edit_computed(self, place: int, name: str, who: str) -> None:
        self.edit(place, {name: COMPUTED[name]}, who)

    @rule(place=PLACES, locked=st.sampled_from(["true", "false"]))
    def lock(self, place: int, locked: str) -> None:
        self.edit(place, {LOCK: locked}, "person")

    @rule(place=PLACES)
    def move_member(self, place: int) -> None:
        on_list, company = members(self.portal), self.id_at(place)
        if on_list is None:
            return
        # Within a minute of our own call HubSpot's times do not tell who moved a member.
        self.stage.clock.pass_by(HOUR)
        is_on = company in on_list
        self.portal.change_list_members(LIST, *(((), (company,)) if is_on else ((company,), ())))
        for snapshot_members in {id(host.members): host.members for host in self.hosts}.values():
            (snapshot_members.take_off if is_on else snapshot_members.put_on)(company)
        for host in self.hosts:
            host.memory.taken.forget(company)

    @rule(place=PLACES, other=PLACES, new_id=st.booleans())
    def merge(self, place: int, other: int, new_id: bool) -> None:
        company, another = self.id_at(place), self.id_at(other)
        if company != another:
            survivor = self.portal.merge(company, another, new_id=new_id)
            if survivor != company:
                self.aka[survivor] = company
            self.touch(company, another)
            self.doubt_members()

    @rule(country=st.sampled_from(INPUTS["country"]), tier=st.sampled_from([None, "tier_2"]))
    def create(self, country: str, tier: str | None) -> None:
        self.portal.create_company({"country": country, **({TIER: tier} if tier else {})}, WHO["person"])

    @rule(weight=st.sampled_from([60, 40]), size=st.sampled_from([100, 500]), first=st.sampled_from([90, 60]),
          second=st.sampled_from([60, 40]), changed=st.sampled_from(["100%", "100%", STRICT]))  # fmt: skip
    def edit_profile(self, weight: int, size: int, first: int, second: int, changed: str) -> None:
        first = max(first, second + 10)
        self.edition = replace(self.edition, weight=weight, size=size, first=first, second=second, changed=changed)
        self.permit_all()

    @rule(people=st.sampled_from(["keep", "keep", "put_back"]), automation=st.sampled_from(["keep", "put_back"]),
          days=st.sampled_from([None, None, 10]))  # fmt: skip
    def edit_overrides(self, people: str, automation: str, days: int | None) -> None:
        self.edition = replace(self.edition, people=people, automation=automation, expire_days=days)
        self.permit_all()

    def edit(self, place: int, texts: dict[str, str], who: str) -> None:
        """Somebody edits one company."""
        company = self.id_at(place)
        self.portal.edit_company(company, texts, WHO[who])
        self.touch(company)

    def permit_all(self) -> None:
        """Under another profile a run may write again what an undo took back."""
        for host in self.hosts:
            host.memory.taken.texts.clear()
