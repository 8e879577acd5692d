"""All checks, in the order in which they run: the last restart appliances and hosts."""

from .checks import CHECKS
from .rest import sessions  # noqa: F401
from .rest import trust_authority_clusters  # noqa: F401
from .rest import base_images  # noqa: F401
from .rest import tpm2_trust  # noqa: F401
from .rest import consumer_principals  # noqa: F401
from .rest import key_providers  # noqa: F401
from .rest import services  # noqa: F401
from .rest import host_tpm  # noqa: F401
from .rest import inventory  # noqa: F401
from .rest import whole_cycles  # noqa: F401
from .vim import sessions as vim_sessions  # noqa: F401
from .vim import properties  # noqa: F401
from .vim import what_ansible_reads  # noqa: F401
from .vim import host_operations  # noqa: F401
from .vim import evidence  # noqa: F401
from .vim import host_cycle  # noqa: F401
from .rest import desired_image  # noqa: F401
from .rest import remediation  # noqa: F401
from .rest import every_error  # noqa: F401
from .rest import appliance  # noqa: F401
from . import whole_run  # noqa: F401

__all__ = ["CHECKS"]
