# Builds the release images for both architectures, from the checkout's top folder:
#   docker buildx bake -f compose-dev/docker-bake.hcl            (both; "backend" or "frontend" at the end for one)
# Images of two architectures can't be loaded into Docker's own store; add --push, or --set '*.platform=linux/arm64' --load.

variable "REGISTRY" {
  default = ""
}

variable "TAG" {
  default = "latest"
}

variable "NPM_CONFIG_REGISTRY" {
  default = "https://registry.npmjs.org/"
}

variable "NEXT_PUBLIC_API_URL" {
  default = "http://localhost:3001"
}

group "default" {
  targets = ["backend", "frontend"]
}

target "both" {
  context   = "."
  target    = "release"
  platforms = ["linux/amd64", "linux/arm64"]
}

target "backend" {
  inherits   = ["both"]
  dockerfile = "compose-dev/backend.Dockerfile"
  tags       = ["${REGISTRY}livekit-conference-backend:${TAG}"]
}

target "frontend" {
  inherits   = ["both"]
  dockerfile = "compose-dev/frontend.Dockerfile"
  tags       = ["${REGISTRY}livekit-conference-frontend:${TAG}"]
  args = {
    NEXT_PUBLIC_API_URL = NEXT_PUBLIC_API_URL
    NPM_CONFIG_REGISTRY = NPM_CONFIG_REGISTRY
  }
}
