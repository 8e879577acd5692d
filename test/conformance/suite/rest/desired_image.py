"""The desired image of a cluster: drafts, policies, the depot."""

from com.vmware.esx.settings_client import AddOnSpec, BaseImageSpec

from ..checks import check, equal, holds, refused

CLUSTERS = "esx.settings.clusters"
SOFTWARE = CLUSTERS + ".software"
DRAFTS = SOFTWARE + ".drafts"
IN_DRAFT = DRAFTS + ".software"
OLD, NEW = "8.0.2-0.0.22380479", "8.0.3-0.0.24674464"


@check("desired image: what it is made of, and who committed it")
def specification(site):
    client, cluster = site.workload, site.trusted
    info = client(SOFTWARE).get(cluster)
    equal((info.base_image.version, info.add_on, info.solutions), (NEW, None, {}))
    equal(client(SOFTWARE + ".base_image").get(cluster).version, NEW)
    refused("NOT_FOUND", client(SOFTWARE + ".add_on").get, cluster)
    refused("NOT_FOUND", client(SOFTWARE + ".hardware_support").get, cluster)
    equal(client(SOFTWARE + ".components").list(cluster), {})
    refused("NOT_FOUND", client(SOFTWARE + ".components").get, cluster, "net-driver")
    effective = client(SOFTWARE + ".effective_components").list(cluster)
    holds(effective, "the base image brings components")
    client(SOFTWARE + ".effective_components").list_with_removed_components(cluster)
    equal(set(client(SOFTWARE + ".removed_components").list(cluster)), set())
    refused("NOT_FOUND", client(SOFTWARE + ".removed_components").get, cluster, "net-driver")
    equal(client(SOFTWARE + ".solutions").list(cluster), {})
    refused("NOT_FOUND", client(SOFTWARE + ".solutions").get, cluster, "no-such-solution")
    refused("NOT_FOUND", client(SOFTWARE + ".commits").get, cluster, "no-such-commit")
    refused("NOT_FOUND", client(SOFTWARE).get, "domain-c999999")


@check("drafts: one a user; set, validate, scan, commit; the draft is gone and the commit is the desired image")
def draft_to_commit(site):
    client, cluster = site.workload, site.cluster("Spare Cluster")
    drafts = client(DRAFTS)
    draft = drafts.create(cluster)
    refused("ALREADY_EXISTS", drafts.create, cluster)
    equal(list(drafts.list(cluster)), [draft])
    owner = drafts.get(cluster, draft).metadata.owner
    equal(list(drafts.list(cluster, drafts.FilterSpec(owners={owner}))), [draft])
    equal(drafts.list(cluster, drafts.FilterSpec(owners={"somebody else"})), {})

    client(IN_DRAFT + ".base_image").set(cluster, draft, BaseImageSpec(version=OLD))
    equal(client(IN_DRAFT + ".base_image").get(cluster, draft).version, OLD)
    _add_on(client, cluster, draft)
    _components(client, cluster, draft)
    refused("NOT_FOUND", client(IN_DRAFT + ".hardware_support").get, cluster, draft)

    equal(client.wait(drafts.validate_task(cluster, draft)).notifications.errors, None, "errors")
    equal(client.wait(drafts.scan_task(cluster, draft)).status, "NON_COMPLIANT", "compliance with the draft")
    commit = client.wait(drafts.commit_task(cluster, draft, drafts.CommitSpec(message="by a check")))
    equal(drafts.list(cluster), {})
    refused("NOT_FOUND", drafts.get, cluster, draft)
    info = client(SOFTWARE + ".commits").get(cluster, commit)
    equal((info.description, info.author.lower()), ("by a check", site.ready["username"].lower()))
    equal(client(SOFTWARE + ".components").get(cluster, "net-driver").version, "1.2.3-4")


def _add_on(client, cluster, draft):
    service = client(IN_DRAFT + ".add_on")
    service.set(cluster, draft, AddOnSpec(name="SimulatedAddOn", version="1.0-1"))
    equal(service.get(cluster, draft).version, "1.0-1", "version of the add-on")
    service.delete(cluster, draft)
    refused("NOT_FOUND", service.get, cluster, draft)


def _components(client, cluster, draft):
    service = client(IN_DRAFT + ".components")
    service.set(cluster, draft, "net-driver", "1.2.2-1")
    equal(service.get(cluster, draft, "net-driver").version, "1.2.2-1", "version of the driver")
    service.update(cluster, draft, service.UpdateSpec(components_to_set={"net-driver": "1.2.3-4"}))
    equal({name: one.version for name, one in service.list(cluster, draft).items()}, {"net-driver": "1.2.3-4"})
    service.delete(cluster, draft, "net-driver")
    refused("NOT_FOUND", service.get, cluster, draft, "net-driver")
    service.set(cluster, draft, "net-driver", "1.2.3-4")
    effective = client(IN_DRAFT + ".effective_components")
    holds("net-driver" in effective.list(cluster, draft), "it is part of the image")
    effective.list_with_removed_components(cluster, draft)
    removed = client(IN_DRAFT + ".removed_components")
    removed.set(cluster, draft, "net-driver")
    equal(set(removed.list(cluster, draft)), {"net-driver"})
    removed.get(cluster, draft, "net-driver")
    removed.delete(cluster, draft, "net-driver")
    refused("NOT_FOUND", removed.get, cluster, draft, "net-driver")


@check("drafts: an image that the depot does not have is found by validation, and cannot be committed")
def bad_draft(site):
    client, cluster = site.workload, site.cluster("Spare Cluster")
    drafts = client(DRAFTS)
    draft = drafts.create(cluster)
    client(IN_DRAFT + ".base_image").set(cluster, draft, BaseImageSpec(version="8.0.9-0.0.99999999"))
    holds(client.wait(drafts.validate_task(cluster, draft)).notifications.errors, "there are errors")
    equal(drafts.get(cluster, draft).metadata.status, "INVALID", "status")
    refused("INVALID_ARGUMENT", lambda: client.wait(drafts.commit_task(cluster, draft, drafts.CommitSpec())))
    drafts.delete(cluster, draft)
    refused("NOT_FOUND", drafts.delete, cluster, draft)
    for operation in ("validate_task", "scan_task"):
        refused("NOT_FOUND", lambda o=operation: client.wait(getattr(drafts, o)(cluster, draft)))
    refused("NOT_FOUND", lambda: client.wait(drafts.commit_task(cluster, draft, drafts.CommitSpec())))


@check("drafts: an imported specification is a draft")
def imported(site):
    client, cluster = site.workload, site.cluster("Spare Cluster")
    drafts = client(DRAFTS)
    spec = drafts.ImportSpec(source_type="JSON_STRING", software_spec='{"base_image": {"version": "%s"}}' % OLD)
    draft = drafts.import_software_spec(cluster, spec)
    equal(drafts.get(cluster, draft).software.base_image.version, OLD)
    drafts.delete(cluster, draft)


@check("apply policies: a PUT sets what it names and unsets the rest; the effective form has everything")
def policies(site):
    client, cluster = site.workload, site.trusted
    service = client(CLUSTERS + ".policies.apply")
    effective = client(CLUSTERS + ".policies.apply.effective")
    before = effective.get(cluster)
    service.set(cluster, service.ConfiguredPolicySpec(enable_quick_boot=True, evacuate_offline_vms=True))
    equal((service.get(cluster).enable_quick_boot, service.get(cluster).evacuate_offline_vms), (True, True))
    holds(effective.get(cluster).enable_quick_boot, "it is in force")
    service.set(cluster, service.ConfiguredPolicySpec(evacuate_offline_vms=False))
    equal(service.get(cluster).enable_quick_boot, None, "Quick Boot is not configured any more")
    equal(effective.get(cluster).enable_quick_boot, before.enable_quick_boot, "Quick Boot is as it was")
    retry = service.FailureAction(action="RETRY", retry_delay=60, retry_count=2)
    service.set(cluster, service.ConfiguredPolicySpec(failure_action=retry))
    equal(service.get(cluster).failure_action.retry_count, 2, "retries")
    service.set(cluster, service.ConfiguredPolicySpec())
    for operation in (service.get, effective.get):
        refused("NOT_FOUND", operation, "domain-c999999")


@check("enablement: a cluster that is managed with an image cannot be enabled again")
def enablement(site):
    client, cluster = site.workload, site.trusted
    service = client(CLUSTERS + ".enablement.software")
    holds(service.get(cluster).enabled, "it is managed with an image")
    for operation in (service.check_task, service.enable_task):
        refused("NOT_ALLOWED_IN_CURRENT_STATE", lambda o=operation: client.wait(o(cluster)))
        refused("NOT_FOUND", lambda o=operation: client.wait(o("domain-c999999")))


@check("depot: base images, add-ons and components, listed, filtered and read")
def depot_content(site):
    client, content = site.workload, "esx.settings.depot_content"
    images = client(content + ".base_images")
    equal({one.version for one in images.list()}, {OLD, NEW})
    equal([one.version for one in images.list(images.FilterSpec(min_version=NEW))], [NEW])
    holds(client(content + ".base_images.versions").get(NEW).components, "the image has components")
    refused("NOT_FOUND", client(content + ".base_images.versions").get, "8.0.9-0.0.1")
    add_ons = client(content + ".add_ons")
    [add_on] = add_ons.list(add_ons.FilterSpec(names={"SimulatedAddOn"}))
    client(content + ".add_ons.versions").get(add_on.name, add_on.versions[0].version)
    equal(add_ons.list(add_ons.FilterSpec(vendors={"nobody"})), [])
    refused("NOT_FOUND", client(content + ".add_ons.versions").get, "SimulatedAddOn", "9")
    components = client(content + ".components")
    [driver] = components.list(components.FilterSpec(names={"net-driver"}))
    equal({one.version for one in driver.versions}, {"1.2.3-4", "1.2.2-1"})
    client(content + ".components.versions").get("net-driver", "1.2.3-4")
    refused("NOT_FOUND", client(content + ".components.versions").get, "net-driver", "9")


@check("offline depots: created, listed, read, deleted; a second one of the same place is ALREADY_EXISTS")
def offline_depots(site):
    client, service = site.workload, site.workload("esx.settings.depots.offline")
    location = "https://depot.lab.example/ESXi-%s-depot.zip" % NEW
    spec = service.CreateSpec(source_type="PULL", location=location, description="one")
    depot = client.wait(service.create_task(spec)).depot
    holds(depot in service.list(), "it is listed")
    equal(service.get(depot).location, spec.location, "location")
    refused("ALREADY_EXISTS", lambda: client.wait(service.create_task(spec)))
    service.delete(depot)
    again = client.wait(service.create_task(spec)).depot
    client.wait(service.delete_task(again))
    refused("NOT_FOUND", service.get, again)
    refused("NOT_FOUND", service.delete, again)
    refused("NOT_FOUND", lambda: client.wait(service.delete_task(again)))
    connection = service.ConnectionSpec(auth_type="EXISTING", host=site.host("host-3"))
    extracted = client.wait(service.create_from_host_task(connection))
    equal(extracted.software_spec.components, {"net-driver": "1.2.3-4"})
    unknown = service.ConnectionSpec(auth_type="EXISTING", host="host-999999")
    refused("NOT_FOUND", lambda: client.wait(service.create_from_host_task(unknown)))
