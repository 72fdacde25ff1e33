# The frontend, for amd64 and arm64: every base image below is made for both.
#   dev      Node.js; frontend/ is mounted at /app, `npm run dev` reloads by itself
#   release  the static export, served by Caddy
# Production needs neither: Caddy serves the files of a Debian package.

ARG NODE_VERSION=24.11.1

FROM node:${NODE_VERSION}-bookworm-slim AS dev
ENV NEXT_TELEMETRY_DISABLED=1
# The volumes that are mounted here take over their owner.
RUN install -d -o node -g node /app /app/node_modules /app/.next
USER node
WORKDIR /app
EXPOSE 3000
# The modules are in a volume, so they are looked after at every start; when nothing changed that takes seconds.
CMD ["sh", "-c", "npm ci --no-audit --no-fund && exec npm run dev"]

# The result is the same on every architecture, so it is built on the builder's own.
FROM --platform=${BUILDPLATFORM} node:${NODE_VERSION}-bookworm-slim AS build
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
COPY frontend/package.json frontend/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY frontend ./
# Where browsers find the API; it becomes part of the files.
ARG NEXT_PUBLIC_API_URL=http://localhost:3001
RUN npm run build

FROM caddy:2.11.2 AS release
COPY --from=build /app/out /srv
RUN adduser -S -D -H -u 1000 web
USER web
EXPOSE 3000
CMD ["caddy", "file-server", "--root", "/srv", "--listen", ":3000"]
