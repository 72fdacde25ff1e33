# The backend, for amd64 and arm64: every base image below is made for both.
#   dev      the compiler and the libraries; the checkout is mounted at /src, hot-reload builds and serves it
#   release  the program as it is shipped, without a compiler
# Production needs neither: it runs the Debian package.

ARG SWIFT_VERSION=6.3.1

FROM swift:${SWIFT_VERSION}-bookworm AS libraries
RUN apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        ca-certificates curl pkg-config python3 \
        libargon2-dev libcjose-dev libcurl4-openssl-dev libexpat1-dev libhiredis-dev libjansson-dev libmicrohttpd-dev \
        libpq-dev libssl-dev libsystemd-dev && \
    rm -rf /var/lib/apt/lists/*

FROM libraries AS dev
RUN useradd --uid 1000 --user-group --create-home developer && install -d -o developer -g developer /build
USER developer
WORKDIR /src
# Holds the build cache and the program that runs, see hot-reload.
VOLUME /build
EXPOSE 3001
CMD ["/src/compose-dev/hot-reload", "serve"]

FROM libraries AS build
ARG TARGETARCH
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
# The package names its test targets, so they have to be there.
COPY Tests Tests
# One cache an architecture: they are built beside each other.
RUN --mount=type=cache,id=livekit-conference-build-${TARGETARCH},target=/build \
    swift build -c release --scratch-path /build --product livekit-conference --static-swift-stdlib --disable-local-rpath && \
    install -D -s "$(swift build -c release --scratch-path /build --show-bin-path)/livekit-conference" /out/livekit-conference

FROM debian:12.12-slim AS release
RUN apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        ca-certificates libargon2-1 libcjose0 libcurl4 libexpat1 libhiredis0.14 libjansson4 libmicrohttpd12 libpq5 libssl3 \
        libstdc++6 libsystemd0 && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --user-group --no-create-home --home-dir /nonexistent livekit-conference
COPY --from=build /out/livekit-conference /usr/bin/livekit-conference
COPY migrations /usr/share/livekit-conference/migrations
USER livekit-conference
ENV LISTEN=0.0.0.0:3001 \
    MIGRATIONS_DIR=/usr/share/livekit-conference/migrations
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s CMD ["livekit-conference", "health", "--url", "http://127.0.0.1:3001"]
ENTRYPOINT ["livekit-conference"]
CMD ["serve"]
