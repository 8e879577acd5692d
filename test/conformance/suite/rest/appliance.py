"""The appliance: health, version, backup and, last of all, its update."""


from ..checks import check, equal, holds, refused, until

PENDING = "appliance.update.pending"
UPDATE_TO = "8.0.3.00500"


@check("appliance: health of every part, version, uptime and time")
def health(site):
    client = site.authority
    parts = ("applmgmt", "databasestorage", "load", "mem", "softwarepackages", "storage", "swap", "system")
    for part in parts:
        equal(client("appliance.health." + part).get(), "green", part)
    equal(client("appliance.health.database").get().status, "HEALTHY", "database")
    client("appliance.health.system").lastcheck()
    equal(client("appliance.health").messages("load"), [])
    refused("NOT_FOUND", client("appliance.health").messages, "no-such-part")
    version = client("appliance.system.version").get()
    equal((version.version, version.build), ("8.0.2.00100", "22617221"))
    holds(client("appliance.system.uptime").get() > 0, "it is up")
    equal(client("appliance.system.time").get().timezone, "UTC", "time zone")


@check("backup: validate, run, read, list; a second one meanwhile is FEATURE_IN_USE; cancel")
def backup(site):
    client = site.authority
    service = client("appliance.recovery.backup.job")

    def request(module, location="sftp://backup.lab.example/ta-vc"):
        return module.BackupRequest(
            parts=[],
            location_type="SFTP",
            location=location,
            location_user="backup",
            location_password="secret",
            backup_password="secret",
            comment="by a check",
        )

    validator = client("appliance.recovery.backup")
    equal(validator.validate(request(validator)).status, "OK", "validation")
    equal(validator.validate(request(validator, "nowhere")).status, "FAIL", "validation of a place that is none")
    job = service.create(request(service))
    equal((job.state, client.provider.status), ("INPROGRESS", 201))
    refused("FEATURE_IN_USE", service.create, request(service))
    until("the backup ends", lambda: service.get(job.id).state != "INPROGRESS")
    done = service.get(job.id)
    equal((done.state, done.progress), ("SUCCEEDED", 100))
    holds(done.end_time >= done.start_time, "it began before it ended")
    second = service.create(request(service))
    equal(service.cancel(second.id).status, "OK", "cancellation")
    equal(service.get(second.id).state, "FAILED", "state of a cancelled backup")
    equal(set(service.list()), {job.id, second.id})
    details = client("appliance.recovery.backup.job.details")
    equal(details.list(details.FilterSpec(jobs={job.id}))[job.id].status, "SUCCEEDED", "details")
    holds("secret" not in str(client.provider.last), "no password is told")
    for operation in (service.get, service.cancel):
        refused("NOT_FOUND", operation, "no-such-job")
    [part] = [one for one in client("appliance.recovery.backup.parts").list() if not one.optional]
    holds(client("appliance.recovery.backup.parts").get(part.id) > 0, "it has a size")


@check("update: pending ones by source; details, precheck, validation; nothing is staged yet")
def pending(site):
    client, service = site.authority, site.authority(PENDING)
    for source in ("LAST_CHECK", "LOCAL", "LOCAL_AND_ONLINE"):
        equal([one.version for one in service.list(source)], [UPDATE_TO], source)
    equal(client.provider.send("GET", "/api/appliance/update/pending").status_code, 400, "status without a source")
    info = service.get(UPDATE_TO)
    equal((info.staged, info.reboot_required), (False, True))
    service.list_upgradeable_components(UPDATE_TO)
    checked = service.precheck(UPDATE_TO)
    holds(checked.questions, "it asks for a password")
    answers = {checked.questions[0].data_item: site.ready["password"]}
    equal(service.validate(UPDATE_TO, answers).errors, None, "errors of the right answer")
    holds(service.validate(UPDATE_TO, {}).errors, "errors without an answer")
    refused("NOT_ALLOWED_IN_CURRENT_STATE", client("appliance.update.staged").get)
    refused("NOT_ALLOWED_IN_CURRENT_STATE", client("appliance.update").cancel)
    refused("NOT_ALLOWED_IN_CURRENT_STATE", service.install, UPDATE_TO, answers)
    refused("NOT_FOUND", service.rollback)
    equal(client("appliance.update").get().state, "UPDATES_PENDING", "state")


@check("update: an unknown version is NOT_FOUND and the running one ALREADY_IN_DESIRED_STATE, for every operation")
def wrong_versions(site):
    service = site.authority(PENDING)
    for version, error in (("8.0.3.99999", "NOT_FOUND"), ("8.0.2.00100", "ALREADY_IN_DESIRED_STATE")):
        for operation in (service.get, service.precheck, service.stage):
            refused(error, operation, version)
        for operation in (service.install, service.stage_and_install, service.validate):
            refused(error, operation, version, {})
    refused("NOT_FOUND", service.list_upgradeable_components, "8.0.3.99999")


@check("update policy: what is set is told, without the password")
def policy(site):
    service = site.authority("appliance.update.policy")
    config = service.Config(
        check_schedule=[service.Time(day="MONDAY", hour=3, minute=0)],
        auto_stage=False,
        custom_url="https://updates.lab.example/",
        username="somebody",
        password="secret",
    )
    service.set(config)
    info = service.get()
    equal((info.auto_stage, info.custom_url, info.check_schedule[0].hour), (False, config.custom_url, 3))
    holds("secret" not in str(site.authority.provider.last), "no password is told")


@check("update: stage, cancel, stage, unstage")
def stage(site):
    client, service, staged = site.authority, site.authority(PENDING), site.authority("appliance.update.staged")
    service.stage(UPDATE_TO)
    info = client("appliance.update").get()
    equal((info.state, info.version), ("STAGE_IN_PROGRESS", UPDATE_TO))
    for operation in (service.stage, service.precheck):
        refused("NOT_ALLOWED_IN_CURRENT_STATE", operation, UPDATE_TO)
    for operation in (service.validate, service.stage_and_install):
        refused("NOT_ALLOWED_IN_CURRENT_STATE", operation, UPDATE_TO, {})
    client("appliance.update").cancel()
    equal(client("appliance.update").get().state, "UPDATES_PENDING", "state after cancelling")
    refused("NOT_ALLOWED_IN_CURRENT_STATE", staged.get)
    service.stage(UPDATE_TO)
    until("it is staged", lambda: client("appliance.update").get().state == "UPDATES_PENDING")
    equal((staged.get().version, staged.get().staging_complete, service.get(UPDATE_TO).staged), (UPDATE_TO, True, True))
    refused("ALREADY_EXISTS", service.stage, UPDATE_TO)
    staged.delete()
    refused("NOT_ALLOWED_IN_CURRENT_STATE", staged.get)


@check("update: stage and install; the appliance goes away, sessions end, it comes back with the version; rollback")
def install(site):
    client, service = site.workload, site.workload(PENDING)
    answers = {service.precheck(UPDATE_TO).questions[0].data_item: site.ready["password"]}
    refused("ERROR", service.stage_and_install, UPDATE_TO, {})
    service.stage(UPDATE_TO)
    until("it is staged", lambda: client("appliance.update").get().state == "UPDATES_PENDING")
    service.install(UPDATE_TO, answers)
    refused("NOT_ALLOWED_IN_CURRENT_STATE", service.install, UPDATE_TO, answers)
    equal(_restarted(site, client).version, UPDATE_TO, "version after the update")
    equal(site.workload("appliance.update").get().state, "UP_TO_DATE", "state after the update")
    refused("ALREADY_IN_DESIRED_STATE", site.workload(PENDING).get, UPDATE_TO)
    site.workload(PENDING).rollback()
    equal(_restarted(site, site.workload).version, "8.0.2.00100", "version after the rollback")
    site.workload(PENDING).stage_and_install(UPDATE_TO, answers)
    equal(_restarted(site, site.workload).version, UPDATE_TO, "version after staging and installing in one")


def _restarted(site, client):
    """Waits until the old session is refused and a new one gets an answer."""

    def ended():
        try:
            client("appliance.system.version").get()
        except OSError:
            return False
        except Exception as error:
            return getattr(error, "error_type", None) == "UNAUTHENTICATED"
        return False

    until("the old session is ended", ended)
    site.forget("workload-vc")

    def version():
        try:
            return site.workload("appliance.system.version").get()
        except OSError:
            return None

    return until("the appliance answers again", version)
