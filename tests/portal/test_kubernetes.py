"""The manifests of deploy/kubernetes: valid by Kubernetes' own schemas, and the same product that compose runs."""

import copy
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from django.conf import settings
from django.urls import resolve

from portal.background import queues
from portal.background.queues import QUEUES

DEPLOY = Path(settings.BASE_DIR) / "deploy"
KUSTOMIZATION = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())
SERVICES = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
VERSIONS = ("1.30", "1.33", "1.37")
NAME, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"
Manifest = dict[str, Any]


@cache
def manifests() -> list[Manifest]:
    paths = [DEPLOY / name for name in KUSTOMIZATION["resources"]]
    return [found for path in paths for found in yaml.load_all(path.read_text(), yaml.CSafeLoader)]


def named(kind: str) -> dict[str, Manifest]:
    return {found["metadata"]["name"]: found for found in manifests() if found["kind"] == kind}


def pods() -> dict[str, Manifest]:
    """Name → template of every pod that runs."""
    found = {name: each["spec"]["template"] for kind in ("Deployment", "Job") for name, each in named(kind).items()}
    return found | {name: each["spec"]["jobTemplate"]["spec"]["template"] for name, each in named("CronJob").items()}


def container(name: str) -> Manifest:
    (only,) = pods()[name]["spec"]["containers"]
    found: Manifest = only
    return found


def secrets_of(name: str) -> list[str]:
    return [source["secretRef"]["name"] for source in container(name)["envFrom"] if "secretRef" in source]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_one_by_the_schemas_of_kubernetes(version: str) -> None:
    there = {str(path.relative_to(DEPLOY)) for path in (DEPLOY / "kubernetes").iterdir()}
    assert set(KUSTOMIZATION["resources"]) == there
    for manifest in manifests():
        kubernetes_validate.validate(manifest, version, strict=True)
    wrong = copy.deepcopy(named("Deployment")["web"])
    wrong["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"]["headers"] = []
    with pytest.raises(kubernetes_validate.ValidationError, match="headers"):
        kubernetes_validate.validate(wrong, version, strict=True)


def test_kustomize_puts_together_what_is_here_with_the_configuration_of_the_proxy() -> None:
    """Where kubectl is at hand; the generated names that it refers to are read from the files without it as well."""
    (generated,) = KUSTOMIZATION["configMapGenerator"]
    sources = dict(line.split("=") for line in generated["files"])
    assert [(DEPLOY / source).is_file() for source in sources.values()] == [True, True]
    assert "server web:8000;" in (DEPLOY / sources["web.conf"]).read_text()
    if (program := shutil.which("kubectl")) is None:
        return
    done = subprocess.run([program, "kustomize", str(DEPLOY)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    built = list(yaml.load_all(done.stdout, yaml.CSafeLoader))
    assert len(built) == len(manifests()) + 1
    (made,) = [each for each in built if each["kind"] == "ConfigMap" and each["metadata"]["name"] != "offshelf"]
    assert made["data"]["default.conf"] == (DEPLOY / "nginx" / "offshelf.conf").read_text()
    volumes = [each for each in built if each["metadata"]["name"] == "proxy" and each["kind"] == "Deployment"]
    assert made["metadata"]["name"] in str(volumes[0]["spec"]["template"]["spec"]["volumes"])
    assert {each["metadata"].get("namespace", "offshelf") for each in built} == {"offshelf"}


def test_it_runs_what_compose_runs() -> None:
    for queue in queues.processes({}):
        assert " ".join(container(queue)["command"]) == SERVICES[queue]["command"]
        assert container(queue)["readinessProbe"]["exec"]["command"] == SERVICES[queue]["healthcheck"]["test"][1:]
    assert " ".join(container("beat")["command"]) == SERVICES["beat"]["command"]
    assert container("migrate")["command"][-1] in SERVICES["setup"]["command"]
    assert "command" not in container("web"), "the image's own"
    assert container("proxy")["image"] == SERVICES["proxy"]["image"]
    ours = set(pods()) - {"proxy"}
    assert ours == {"web", "beat", "migrate", "backup", "verify-audit", *queues.processes({})}
    assert {container(name)["image"] for name in ours} == {"offshelf"}


def test_there_is_one_beat_and_a_worker_is_given_the_time_that_its_longest_task_may_take() -> None:
    beat = named("Deployment")["beat"]["spec"]
    assert (beat["replicas"], beat["strategy"]) == (1, {"type": "Recreate"})
    for queue in QUEUES:
        if queue.name in pods():
            assert pods()[queue.name]["spec"]["terminationGracePeriodSeconds"] >= queue.hard


def test_every_container_has_the_settings_of_compose_and_the_owner_is_known_to_two() -> None:
    (configuration,) = named("ConfigMap").values()
    secret = {"SECRET_KEY", "DATABASE_URL", "BROKER_URL", "METRICS_TOKEN"}
    assert set(configuration["data"]) | secret == set(SERVICES["web"]["environment"])
    for name in ("OFFSHELF_FOLDER", "STATIC_ROOT", "BEHIND_PROXY"):
        assert configuration["data"][name] == SERVICES["web"]["environment"][name]
    page = (Path(settings.BASE_DIR) / "docs" / "operations" / "install.md").read_text()
    for name in (*secret, "OWNER_DATABASE_URL"):
        assert f"{name}=" in page.split("\n### On Kubernetes\n")[1].split("\n## ")[0], name
    ours = set(pods()) - {"proxy"}
    assert {name for name in ours if "offshelf-owner" in secrets_of(name)} == {"migrate", "backup"}
    for name in ours:
        assert container(name)["envFrom"][0] == {"configMapRef": {"name": "offshelf"}}
        assert secrets_of(name)[0] == "offshelf"


def test_probes_ask_the_addresses_that_are_there_by_a_name_that_is_allowed() -> None:
    web, (configuration,) = container("web"), named("ConfigMap").values()
    (port,) = web["ports"]
    command = (Path(settings.BASE_DIR) / "Dockerfile").read_text().splitlines()[-1]
    assert f'"0.0.0.0:{port["containerPort"]}"' in command
    probes = {name: web[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    asked = {name: probe["path"] for name, probe in probes.items()}
    assert asked == {"startup": "/health/startup", "liveness": "/health/live", "readiness": "/health/ready"}
    assert [resolve(path).view_name for path in asked.values()] == ["health_startup", "health_live", "health_ready"]
    hosts = configuration["data"]["ALLOWED_HOSTS"].split(",")
    for probe in probes.values():
        assert probe["port"] == port["name"]
        assert probe["httpHeaders"][0]["value"] in hosts[1:], "the first is the one in mails"
    ended = {name for name in pods() if "livenessProbe" in container(name)}
    assert ended == {"web"}, "a queue that is late ends no worker"


def test_no_container_may_more_than_it_needs() -> None:
    (namespace,) = named("Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    uid = int(SERVICES["proxy"]["user"].split(":")[0])
    for name, pod in pods().items():
        spec, confined = pod["spec"], container(name)["securityContext"]
        assert (spec["securityContext"]["runAsNonRoot"], spec["securityContext"]["runAsUser"]) == (True, uid), name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        assert confined == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys(), name
        written = {mount["mountPath"] for mount in container(name)["volumeMounts"] if not mount.get("readOnly")}
        own = {"/run", "/var/cache/nginx"} if name == "proxy" else {"/var/lib/offshelf"}
        assert written - {"/backups"} == own | {"/tmp"}, name  # noqa: S108
        assert ("/backups" in written) == (name == "backup")
        volumes = {volume["name"] for volume in spec["volumes"]}
        assert {mount["name"] for mount in container(name)["volumeMounts"]} == volumes, name


def test_nothing_comes_in_but_to_the_proxy_and_from_it_to_the_web_servers() -> None:
    policies = named("NetworkPolicy")
    assert policies["nothing-comes-in"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    for name in ("proxy", "web"):
        rule = policies[name]["spec"]
        assert rule["podSelector"]["matchLabels"] == pods()[name]["metadata"]["labels"]
        (opened,) = rule["ingress"]
        assert {port["port"] for port in opened["ports"]} == {port["name"] for port in container(name)["ports"]}
    assert len(policies) == 3
    (opened,) = policies["web"]["spec"]["ingress"]
    assert opened["from"][0]["podSelector"]["matchLabels"] == pods()["proxy"]["metadata"]["labels"]


def test_what_selects_pods_finds_them_and_a_drain_leaves_one_of_those_that_strangers_reach() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods().items()}
    assert labels == {name: {NAME: "offshelf", COMPONENT: name} for name in labels}
    for name, deployment in named("Deployment").items():
        assert deployment["spec"]["selector"]["matchLabels"] == labels[name]
    for name, service in named("Service").items():
        assert service["spec"]["selector"] == labels[name]
        ports = {port["name"] for port in container(name)["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} == ports
    budgets = named("PodDisruptionBudget")
    assert set(budgets) == {"web", "proxy"}
    for name, budget in budgets.items():
        assert budget["spec"]["selector"]["matchLabels"] == labels[name]
        assert named("Deployment")[name]["spec"]["replicas"] > budget["spec"]["minAvailable"]
    claims = {volume["persistentVolumeClaim"]["claimName"] for pod in pods().values()
              for volume in pod["spec"]["volumes"] if "persistentVolumeClaim" in volume}  # fmt: skip
    assert claims == set(named("PersistentVolumeClaim"))
