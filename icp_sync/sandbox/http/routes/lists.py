"""Lists and list folders: make, find, rename, refilter, delete, move."""

from icp_sync.sandbox.http.messages import Call, Operation, Reply
from icp_sync.sandbox.lists.folders import Folders
from icp_sync.sandbox.lists.lists import no_folders
from icp_sync.sandbox.refusals import invalid

PATH = "/crm/lists"
ONE = f"{PATH}/{{listId}}"
FOLDERS = f"{PATH}/folders"
READ = (("crm.lists.read",),)
WRITE = (("crm.lists.read",), ("crm.lists.write",))


def _create(call: Call) -> Reply:
    portal, body = call.portal, call.body()
    folder = body.get("listFolderId")
    if folder is not None and (isinstance(folder, bool) or not isinstance(folder, int)):
        raise invalid("Invalid input JSON: listFolderId is a number")  # an int32 in HubSpot's description
    if folder:
        _folders(call).get(folder)
    made = portal.lists.create(body, call.now)
    if portal.folders:
        portal.folders.put(made.id, folder or 0, call.now)
    return Reply({"list": made.shown(with_filters=True)})


def _read(call: Call) -> Reply:
    one = call.portal.lists.get(call.path["listId"], call.now)
    return Reply({"list": one.shown(with_filters=call.flag("includeFilters"))})


def _read_named(call: Call) -> Reply:
    one = call.portal.lists.named(call.path["listName"], call.path["objectTypeId"], call.now)
    return Reply({"list": one.shown(with_filters=call.flag("includeFilters"))})


def _read_many(call: Call) -> Reply:
    wanted = set(call.asked_all("listIds"))
    found = [one for one in call.portal.lists.living(call.now) if str(one.id) in wanted]
    return Reply({"lists": [one.shown(with_filters=call.flag("includeFilters")) for one in found]})


def _search(call: Call) -> Reply:
    body = call.body()
    offset, count = int(body.get("offset") or 0), int(body.get("count") or 20)
    if not 0 < count <= 500 or offset < 0:
        raise invalid("count must be between 1 and 500, offset not negative")
    ids = {str(one) for one in body.get("listIds") or ()}
    kinds, text = body.get("processingTypes") or (), str(body.get("query") or "").lower()
    object_type = body.get("objectTypeId")
    found = [
        one
        for one in call.portal.lists.living(call.now)
        if (not ids or str(one.id) in ids)
        and (not kinds or one.kind in kinds)
        and text in one.name.lower()
        and (not object_type or one.object_type == object_type)
    ]
    page = found[offset : offset + call.faulty_limit(count)]
    following = offset + len(page)
    folders = call.portal.folders
    shown = [one.found(folders.name_of(one.id) if folders else "") for one in page]
    return Reply({"lists": shown, "offset": following, "hasMore": following < len(found), "total": len(found)})


def _rename(call: Call) -> Reply:
    renamed = call.portal.lists.rename(call.path["listId"], call.asked("listName") or "", call.now)
    return Reply({"updatedList": renamed.shown(with_filters=call.flag("includeFilters"))})


def _refilter(call: Call) -> Reply:
    changed = call.portal.lists.refilter(call.path["listId"], call.body().get("filterBranch"), call.now)
    return Reply({"updatedList": changed.shown(with_filters=True)})


def _delete(call: Call) -> Reply:
    call.portal.lists.delete(call.path["listId"], call.now)
    return Reply(status=204)


def _restore(call: Call) -> Reply:
    call.portal.lists.restore(call.path["listId"], call.now)
    return Reply(status=204)


def _read_folder(call: Call) -> Reply:
    folders = _folders(call)
    return Reply({"folder": folders.shown(folders.get(call.asked("folderId") or 0))})


def _create_folder(call: Call) -> Reply:
    folders = _folders(call)
    return Reply({"folder": folders.shown(folders.create(call.body(), call.now))})


def _rename_folder(call: Call) -> Reply:
    folders, name = _folders(call), call.asked("newFolderName") or ""
    return Reply({"folder": folders.shown(folders.rename(call.path["folderId"], name, call.now))})


def _delete_folder(call: Call) -> Reply:
    _folders(call).delete(call.path["folderId"])
    return Reply(status=204)


def _move_list(call: Call) -> Reply:
    body = call.body()
    one = call.portal.lists.get(str(body.get("listId")), call.now)
    _folders(call).put(one.id, body.get("newFolderId"), call.now)
    return Reply(status=204)


def _folders(call: Call) -> Folders:
    if call.portal.folders is None:
        raise no_folders()
    return call.portal.folders


LISTS = (
    Operation("GET", FOLDERS, READ, _read_folder),
    Operation("POST", FOLDERS, WRITE, _create_folder),
    Operation("PUT", f"{FOLDERS}/move-list", WRITE, _move_list),
    Operation("PUT", f"{FOLDERS}/{{folderId}}/rename", WRITE, _rename_folder),
    Operation("DELETE", f"{FOLDERS}/{{folderId}}", WRITE, _delete_folder),
    Operation("POST", f"{PATH}/search", READ, _search),
    Operation("GET", f"{PATH}/object-type-id/{{objectTypeId}}/name/{{listName:path}}", READ, _read_named),
    Operation("GET", PATH, READ, _read_many),
    Operation("POST", PATH, WRITE, _create),
    Operation("PUT", f"{ONE}/update-list-name", WRITE, _rename),
    Operation("PUT", f"{ONE}/update-list-filters", WRITE, _refilter),
    Operation("PUT", f"{ONE}/restore", WRITE, _restore),
    Operation("GET", ONE, READ, _read),
    Operation("DELETE", ONE, WRITE, _delete),
)
