#!/bin/sh
# Pin every image by the digest that its registry has now: prints lines for .env, and how to build Pharos on a pinned
# base. Run it in the folder of docker-compose.yml, where Docker is and the registries can be reached.
set -eu

pinned() {
    found=$(docker buildx imagetools inspect "$1" --format '{{.Manifest.Digest}}')
    case $found in
        sha256:*) echo "$1@$found" ;;
        *) echo "$1: expected a digest from its registry, got '$found'; nothing is pinned" >&2 && return 1 ;;
    esac
}

lines=
for image in $(sed -nE 's/.*image: \$\{(PHAROS_[A-Z]+_IMAGE):-([^}]+)\}.*/\1=\2/p' docker-compose.yml | sort -u); do
    lines="$lines${image%%=*}=$(pinned "${image#*=}")
"
done
base=$(pinned "$(sed -n 's/^ARG PYTHON=//p' deploy/docker/Dockerfile)")
printf '%s# docker build --build-arg PYTHON=%s --file deploy/docker/Dockerfile --tag pharos:0.1.0 .\n' "$lines" "$base"
