# The frontend, for amd64 and arm64: every base image below is made for both.
#   dev      Node.js; the checkout's frontend/ is mounted at /frontend, serve-frontend.mjs serves a copy that follows it
#   release  the static export, served by Caddy
# Production needs neither: Caddy serves the files of a Debian package.

ARG NODE_VERSION=24.11.1

FROM node:${NODE_VERSION}-bookworm-slim AS dev
ENV NEXT_TELEMETRY_DISABLED=1
# The volume that is mounted here takes over its owner.
RUN install -d -o node -g node /app /app/node_modules
USER node
WORKDIR /app
EXPOSE 3000
CMD ["node", "/serve-frontend.mjs"]

# The result is the same on every architecture, so it is built on the builder's own.
FROM --platform=${BUILDPLATFORM} node:${NODE_VERSION}-bookworm-slim AS build
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
ARG NPM_CONFIG_REGISTRY=https://registry.npmjs.org/
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY frontend ./
# Where browsers find the API; it becomes part of the files.
ARG NEXT_PUBLIC_API_URL=http://localhost:3001
RUN npm run build

# Nothing is run in this stage, so another architecture's needs no emulation.
FROM caddy:2.11.2 AS release
COPY compose-dev/frontend.Caddyfile /etc/caddy/Caddyfile
COPY --from=build /app/out /srv
USER 1000
ENV XDG_DATA_HOME=/tmp/data \
    XDG_CONFIG_HOME=/tmp/config
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=10s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/"]
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
