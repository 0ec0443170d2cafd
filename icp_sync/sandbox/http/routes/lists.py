"""Lists and list folders: make, find, rename, refilter, delete, move."""

from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.lists.folders import FolderTree
from icp_sync.sandbox.lists.lists import no_folders_error

PATH = "/crm/lists"
ONE = f"{PATH}/{{listId}}"
FOLDERS = f"{PATH}/folders"
READ = (("crm.lists.read",),)
WRITE = (("crm.lists.read",), ("crm.lists.write", "cms.membership.access_groups.write"))


def _create(request: ApiRequest) -> ApiResponse:
    portal, body = request.portal, request.body()
    folder = body.get("listFolderId")
    if folder is not None and (isinstance(folder, bool) or not isinstance(folder, int)):
        raise bad_request("Invalid input JSON: listFolderId is a number")  # an int32 in HubSpot's description
    if folder:
        _require_folder_support(request).get(folder)
    made = portal.lists.create(body, request.now)
    if portal.folders:
        portal.folders.move_list(made.id, folder or 0, request.now)
    return ApiResponse({"list": made.as_json(with_filters=True)})


def _read(request: ApiRequest) -> ApiResponse:
    crm_list = request.portal.lists.get(request.path["listId"], request.now)
    return ApiResponse({"list": crm_list.as_json(with_filters=request.query_flag("includeFilters"))})


def _read_by_name(request: ApiRequest) -> ApiResponse:
    crm_list = request.portal.lists.get_by_name(request.path["listName"], request.path["objectTypeId"], request.now)
    return ApiResponse({"list": crm_list.as_json(with_filters=request.query_flag("includeFilters"))})


def _read_many(request: ApiRequest) -> ApiResponse:
    wanted = set(request.query_values("listIds"))
    matches = [crm_list for crm_list in request.portal.lists.undeleted(request.now) if str(crm_list.id) in wanted]
    return ApiResponse(
        {"lists": [crm_list.as_json(with_filters=request.query_flag("includeFilters")) for crm_list in matches]}
    )


def _search(request: ApiRequest) -> ApiResponse:
    body = request.body()
    offset, count = int(body.get("offset") or 0), int(body.get("count") or 20)
    if not 0 < count <= 500 or offset < 0:
        raise bad_request("count must be between 1 and 500, offset not negative")
    ids = {str(list_id) for list_id in body.get("listIds") or ()}
    kinds, text = body.get("processingTypes") or (), str(body.get("query") or "").lower()
    object_type = body.get("objectTypeId")
    matches = [
        crm_list
        for crm_list in request.portal.lists.undeleted(request.now)
        if (not ids or str(crm_list.id) in ids)
        and (not kinds or crm_list.kind in kinds)
        and text in crm_list.name.lower()
        and (not object_type or crm_list.object_type == object_type)
    ]
    page = matches[offset : offset + request.page_size_after_fault(count)]
    following = offset + len(page)
    folders = request.portal.folders
    shown = [
        crm_list.search_result_json(folders.folder_name_of_list(crm_list.id) if folders else "") for crm_list in page
    ]
    return ApiResponse(
        {"lists": shown, "offset": following, "hasMore": following < len(matches), "total": len(matches)}
    )


def _rename(request: ApiRequest) -> ApiResponse:
    renamed = request.portal.lists.rename(request.path["listId"], request.query_value("listName") or "", request.now)
    return ApiResponse({"updatedList": renamed.as_json(with_filters=request.query_flag("includeFilters"))})


def _replace_filter(request: ApiRequest) -> ApiResponse:
    changed = request.portal.lists.replace_filter(
        request.path["listId"], request.body().get("filterBranch"), request.now
    )
    return ApiResponse({"updatedList": changed.as_json(with_filters=True)})


def _delete(request: ApiRequest) -> ApiResponse:
    request.portal.lists.delete(request.path["listId"], request.now)
    return ApiResponse(status=204)


def _restore(request: ApiRequest) -> ApiResponse:
    request.portal.lists.restore(request.path["listId"], request.now)
    return ApiResponse(status=204)


def _read_folder(request: ApiRequest) -> ApiResponse:
    folders = _require_folder_support(request)
    return ApiResponse({"folder": folders.as_json(folders.get(request.query_value("folderId") or 0))})


def _create_folder(request: ApiRequest) -> ApiResponse:
    folders = _require_folder_support(request)
    return ApiResponse({"folder": folders.as_json(folders.create(request.body(), request.now))})


def _rename_folder(request: ApiRequest) -> ApiResponse:
    folders, name = _require_folder_support(request), request.query_value("newFolderName") or ""
    return ApiResponse({"folder": folders.as_json(folders.rename(request.path["folderId"], name, request.now))})


def _delete_folder(request: ApiRequest) -> ApiResponse:
    _require_folder_support(request).delete(request.path["folderId"])
    return ApiResponse(status=204)


def _move_list(request: ApiRequest) -> ApiResponse:
    body = request.body()
    crm_list = request.portal.lists.get(str(body.get("listId")), request.now)
    _require_folder_support(request).move_list(crm_list.id, body.get("newFolderId"), request.now)
    return ApiResponse(status=204)


def _require_folder_support(request: ApiRequest) -> FolderTree:
    if request.portal.folders is None:
        raise no_folders_error()
    return request.portal.folders


LISTS = (
    Operation("GET", FOLDERS, READ, _read_folder),
    Operation("POST", FOLDERS, WRITE, _create_folder),
    Operation("PUT", f"{FOLDERS}/move-list", WRITE, _move_list),
    Operation("PUT", f"{FOLDERS}/{{folderId}}/rename", WRITE, _rename_folder),
    Operation("DELETE", f"{FOLDERS}/{{folderId}}", WRITE, _delete_folder),
    Operation("POST", f"{PATH}/search", READ, _search),
    Operation("GET", f"{PATH}/object-type-id/{{objectTypeId}}/name/{{listName:path}}", READ, _read_by_name),
    Operation("GET", PATH, READ, _read_many),
    Operation("POST", PATH, WRITE, _create),
    Operation("PUT", f"{ONE}/update-list-name", WRITE, _rename),
    Operation("PUT", f"{ONE}/update-list-filters", WRITE, _replace_filter),
    Operation("PUT", f"{ONE}/restore", WRITE, _restore),
    Operation("GET", ONE, READ, _read),
    Operation("DELETE", ONE, WRITE, _delete),
)
