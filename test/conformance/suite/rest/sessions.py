"""Sessions, and the manners of the endpoint in front of all services."""

import json

from ..checks import check, equal, holds, refused
from ..contract import OPERATIONS, TRUST_OPERATIONS
from .arguments import vcenter_of

CLUSTERS = "/api/vcenter/trusted-infrastructure/trust-authority-clusters"


@check("session: create gives a token that get describes, and delete ends it")
def session_life(site):
    client = site.rest_as("ta-vc", site.ready["username"], site.ready["password"])
    holds(isinstance(client.provider.token, str) and client.provider.token, "the token is text")
    info = client("cis.session").get()
    equal(info.user.lower(), site.ready["username"].lower(), "user")
    holds(info.created_time <= info.last_accessed_time, "it was created before it was last used")
    client("cis.session").delete()
    equal(client.provider.status, 204, "status")
    refused("UNAUTHENTICATED", client("cis.session").get)
    refused("UNAUTHENTICATED", client("cis.session").delete)


@check("session: a wrong password and an unknown user are told apart from each other by nothing")
def session_refused(site):
    answers = []
    for user, password in ((site.ready["username"], "wrong"), ("nobody@vsphere.local", site.ready["password"])):
        error = refused("UNAUTHENTICATED", site.rest_as, "ta-vc", user, password)
        holds(error.challenge, "UNAUTHENTICATED names a challenge")
        answers.append([one.default_message for one in error.messages])
    equal(answers[0], answers[1], "messages")


@check("session: wrong password, ended session and missing privilege are three different answers")
def three_answers(site):
    refused("UNAUTHENTICATED", site.rest_as, "ta-vc", "auditor@vsphere.local", "wrong")
    auditor = site.rest_as("ta-vc", "auditor@vsphere.local", site.ready["password"])
    update = auditor("vcenter.trusted_infrastructure.trust_authority_clusters")
    refused("UNAUTHORIZED", update.update_task, site.tac, update.UpdateSpec(state="ENABLE"))
    equal(auditor.provider.status, 403, "status")
    site.fault("session-expired", operation="trust_authority_clusters.update", vCenter="ta-vc")
    refused("UNAUTHENTICATED", update.update_task, site.tac, update.UpdateSpec(state="ENABLE"))
    equal(auditor.provider.status, 401, "status")


@check("session: the token of one vCenter is worth nothing at the other")
def token_of_another(site):
    stranger = site.anonymous("workload-vc", site.authority.provider.token)
    refused("UNAUTHENTICATED", stranger("cis.session").get)


@check("protocol: a path that no operation has is OPERATION_NOT_FOUND")
def unknown_path(site):
    for method, path in (("GET", "/api/vcenter/no-such-thing"), ("PUT", CLUSTERS), ("GET", CLUSTERS + "/a/b/c/d")):
        reply = site.authority.provider.send(method, path)
        equal((reply.status_code, site.authority.provider.last["error_type"]), (404, "OPERATION_NOT_FOUND"), path)


@check("protocol: an operation that is a task is not answered without vmw-task=true")
def tasks_only(site):
    for operation in TRUST_OPERATIONS:
        if not operation.is_task:
            continue
        path = operation.path.replace("{cluster}", site.tac if vcenter_of(operation) == "ta-vc" else site.trusted)
        action = dict(operation.fixed_query).get("action")
        provider = site.rest(vcenter_of(operation)).provider
        url = path.replace("{", "").replace("}", "") + ("?action=" + action if action else "")
        reply = provider.send(operation.method, url, "{}" if operation.body else None)
        equal((reply.status_code, provider.last["error_type"]), (404, "OPERATION_NOT_FOUND"), operation.key)


@check("protocol: a body that is not JSON, or of another kind, is INVALID_ARGUMENT for every operation of vTA")
def bad_bodies(site):
    _for_each_body(site, lambda body: ['{"', "7", "[7]"] if body != "base64" else ['{"', "7", '"not base64"'])


@check("protocol: a member that an operation does not have is refused by every operation of vTA")
def unknown_members(site):
    _for_each_body(site, lambda body: ['{"no_such_member": 1}'])


def _for_each_body(site, bodies_of):
    for operation in TRUST_OPERATIONS:
        if operation.body is None:
            continue
        provider = site.rest(vcenter_of(operation)).provider
        path = operation.path.replace("{cluster}", site.tac if vcenter_of(operation) == "ta-vc" else site.trusted)
        query = "&".join("%s=%s" % pair for pair in operation.fixed_query)
        for body in bodies_of(operation.body):
            reply = provider.send(operation.method, path.format_map(_Anything()) + "?" + query, body)
            found = provider.last["error_type"]
            holds(found in ("INVALID_ARGUMENT", "UNEXPECTED_INPUT"), "%s %s: %s" % (operation.key, body, found))
            equal(reply.status_code, 400, "%s %s: status" % (operation.key, body))


class _Anything(dict):
    def __missing__(self, key):
        return "anything"


@check("protocol: null for an unset body and {} with a GET are what VMware's runtime sends, and are accepted")
def runtime_habits(site):
    provider = site.authority.provider
    query = CLUSTERS + "/" + site.tac + "/consumer-principals?action=query&vmw-task=true"
    equal(provider.send("POST", query, "null").status_code, 202, "status of null")
    equal(provider.send("GET", CLUSTERS, "{}").status_code, 200, "status of {}")


@check("protocol: an unknown query parameter and an unknown value of an enumeration are refused")
def bad_queries(site):
    provider = site.authority.provider
    for query in ("?no_such=1", "?state=MAYBE"):
        equal(provider.send("GET", CLUSTERS + query).status_code, 400, query)


@check("protocol: every refusal has an error type and messages with their ids")
def shape_of_errors(site):
    provider = site.authority.provider
    provider.send("GET", CLUSTERS + "/domain-c999999")
    error = provider.last
    equal(error["error_type"], "NOT_FOUND", "error type")
    holds(error["messages"], "there is a message")
    for message in error["messages"]:
        equal(sorted(message), ["args", "default_message", "id"], json.dumps(message))


@check("tasks: a task is PENDING or RUNNING, then SUCCEEDED; list finds it, cancel comes too late")
def tasks_api(site):
    client = site.authority
    task = client("vcenter.trusted_infrastructure.trust_authority_clusters.kms.providers").list_task(site.tac)
    client.wait(task)
    tasks = client("cis.tasks")
    info = task.get_info()
    equal((info.status, info.operation, info.user.lower()), ("SUCCEEDED", "list$task", site.ready["username"].lower()))
    holds(info.start_time <= info.end_time, "it started before it ended")
    listed = tasks.list(tasks.FilterSpec(tasks={task.get_task_id()}))
    equal(set(listed), {task.get_task_id()}, "listed tasks")
    listed = tasks.list(tasks.FilterSpec(status={"FAILED"}, services={info.service}))
    holds(task.get_task_id() not in listed, "a task that succeeded is not listed as FAILED")
    refused("NOT_ALLOWED_IN_CURRENT_STATE", tasks.cancel, task.get_task_id())
    brief = tasks.get(task.get_task_id(), tasks.GetSpec(exclude_result=True))
    holds("result" not in site.authority.provider.last and brief.status == "SUCCEEDED", "the result can be left out")


@check("tasks: one that cannot be cancelled says UNSUPPORTED, an unknown one NOT_FOUND, each vCenter has its own")
def tasks_refused(site):
    client = site.authority
    site.fault("task-hangs", operation="kms.service_status.get")
    task = client("vcenter.trusted_infrastructure.trust_authority_clusters.kms.service_status").get_task(site.tac)
    refused("UNSUPPORTED", client("cis.tasks").cancel, task.get_task_id())
    refused("NOT_FOUND", client("cis.tasks").get, "no-such-task:com.vmware.cis")
    refused("NOT_FOUND", client("cis.tasks").cancel, "no-such-task:com.vmware.cis")
    refused("NOT_FOUND", site.workload("cis.tasks").get, task.get_task_id())


@check("tasks: a task that fails carries an error that VMware's SDK raises, and nothing of a result")
def failed_task(site):
    client = site.authority
    site.fault("task-fails", operation="base_images.list", error="ERROR", message="as told")
    task = client("vcenter.trusted_infrastructure.trust_authority_clusters.attestation.os.esx.base_images").list_task(
        site.tac
    )
    error = refused("ERROR", client.wait, task)
    equal(error.messages[0].default_message, "as told", "message")
    holds("result" not in client.provider.last, "a failed task has no result")


@check("contract: VMware's SDK has every operation of the contract, and vTA has 75 of which 50 are tasks")
def counted(site):
    equal(len(TRUST_OPERATIONS), 75, "operations of vTA")
    equal(sum(operation.is_task for operation in TRUST_OPERATIONS), 50, "tasks of vTA")
    for operation in OPERATIONS.values():
        service = site.authority(operation.service.removeprefix("com.vmware."))
        holds(operation.name in service._api_interface._operations, "the SDK knows " + operation.key)
