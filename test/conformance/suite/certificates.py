"""Certificates and keys in PEM, made on the spot."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def _name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _now():
    return datetime.datetime.now(datetime.timezone.utc)


class Authority:
    """A certificate authority."""

    def __init__(self, common_name="Conformance CA"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(common_name)
        self.certificate = self._sign(self.name, self.key.public_key(), is_authority=True)
        self.pem = _pem(self.certificate)

    def issue(self, common_name):
        """A certificate and its private key."""
        key = ec.generate_private_key(ec.SECP256R1())
        return _pem(self._sign(_name(common_name), key.public_key())), private_pem(key)

    def sign_request(self, csr):
        """The certificate that a signing request asks for."""
        request = x509.load_pem_x509_csr(csr.encode())
        return _pem(self._sign(request.subject, request.public_key()))

    def _sign(self, subject, public_key, is_authority=False):
        builder = x509.CertificateBuilder(
            issuer_name=self.name,
            subject_name=subject,
            public_key=public_key,
            serial_number=x509.random_serial_number(),
            not_valid_before=_now() - DAY,
            not_valid_after=_now() + 30 * DAY,
        )
        constraints = x509.BasicConstraints(ca=is_authority, path_length=None)
        return builder.add_extension(constraints, critical=True).sign(self.key, hashes.SHA256())


def private_pem(key):
    """PKCS #8."""
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


def public_key_pem():
    """A public key whose private half nobody has."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, kind).decode()


def same_certificate(one, other):
    """Two PEM texts hold the same certificate."""
    return x509.load_pem_x509_certificate(one.encode()) == x509.load_pem_x509_certificate(other.encode())
