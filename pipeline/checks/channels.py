"""Can every agency be reached over the channel that config.yaml gives it?"""

from collections.abc import Iterator, Mapping

from pipeline.checks.machine import check_writable
from pipeline.checks.problem import Problem
from pipeline.secret import MissingSecret, secret
from pipeline.settings import Settings

FOLDERS = ("folder", "edxml")


def check_channels(settings: Settings, env: Mapping[str, str]) -> Iterator[Problem]:
    yield from _secrets(settings, env)
    channels = {agency.delivery.channel for agency in settings.agencies} | {settings.communes.channel}
    if channels.intersection(FOLDERS) and (problem := check_writable("drop_folder", settings.drop_folder)):
        yield problem


def _secrets(settings: Settings, env: Mapping[str, str]) -> Iterator[Problem]:
    for agency in settings.agencies:
        delivery = agency.delivery
        if delivery.channel != "webhook":
            continue
        try:
            secret(delivery.secret_env, delivery.secret_file, env)
        except MissingSecret as missing:
            yield Problem(
                "error",
                f"letters to agency {agency.key!r} cannot be signed: {missing}",
                "agree on a secret with the agency; "
                f"set {delivery.secret_env} in the environment of cron and of `dansinh schedule`, or name a "
                "file of mode 600 as delivery.secret_file",
            )
