"""List folders: a tree whose root is folder 0."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from icp_sync.sandbox.error_responses import bad_request, not_found
from icp_sync.sandbox.timestamps import format_iso


@dataclass
class Folder:
    """One folder and the ids of the lists lying in it."""

    id: int
    name: str
    parent: int
    created_at: int
    updated_at: int
    contents_at: int
    lists: list[int] = field(default_factory=list)


class FolderTree:
    """All folders of a portal."""

    def __init__(self, now: int) -> None:
        self._folders = {0: Folder(0, "", 0, now, now, now)}
        self._last = 0

    def create(self, body: Mapping[str, Any], now: int) -> Folder:
        name, parent = body.get("name"), self.get(body.get("parentFolderId") or 0)
        if not name:
            raise bad_request("Invalid input JSON: a folder needs a name")
        if any(one.name == name and one.parent == parent.id for one in self._children(parent.id)):
            message = f"A folder with the name '{name}' already exists here."
            raise bad_request(message, sub_category="ILS.DUPLICATE_FOLDER_NAMES")
        self._last += 1
        parent.contents_at = now
        created = self._folders[self._last] = Folder(self._last, str(name), parent.id, now, now, now)
        return created

    def get(self, folder_id: object) -> Folder:
        text = str(folder_id)
        if not text.isdecimal() or int(text) not in self._folders:
            raise not_found(f"Folder does not exist with ID {text}.", sub_category="ILS.FOLDER_NOT_FOUND")
        return self._folders[int(text)]

    def move_list(self, list_id: int, folder_id: object, now: int) -> None:
        """Move a list into a folder."""
        target = self.get(folder_id)
        for folder in self._folders.values():
            if list_id in folder.lists:
                folder.lists.remove(list_id)
                folder.contents_at = now
        target.lists.append(list_id)
        target.contents_at = now

    def folder_name_of_list(self, list_id: int) -> str:
        """The name of the folder a list lies in; the root has none."""
        return next((folder.name for folder in self._folders.values() if list_id in folder.lists), "")

    def rename(self, folder_id: object, name: str, now: int) -> Folder:
        folder = self.get(folder_id)
        folder.name, folder.updated_at = name, now
        return folder

    def delete(self, folder_id: object) -> None:
        folder = self.get(folder_id)
        if folder.lists or self._children(folder.id) or not folder.id:
            raise bad_request("Only an empty folder can be deleted.")
        del self._folders[folder.id]

    def as_json(self, folder: Folder) -> dict[str, object]:
        """A folder with all folders below it and its own lists; as in HubSpot the child nodes tell none of theirs."""
        return {**self._folder_json(folder), "childLists": list(folder.lists)}

    def _folder_json(self, folder: Folder) -> dict[str, object]:
        return {
            "id": str(folder.id),
            "name": folder.name,
            "parentFolderId": str(folder.parent),
            "childNodes": [self._folder_json(child) for child in self._children(folder.id)],
            "childLists": [],
            "createdAt": format_iso(folder.created_at),
            "updatedAt": format_iso(folder.updated_at),
            "updatedContentsAt": format_iso(folder.contents_at),
            "userId": 1,
        }

    def _children(self, folder_id: int) -> list[Folder]:
        return [one for one in self._folders.values() if one.parent == folder_id and one.id]
