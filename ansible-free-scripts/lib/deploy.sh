# shellcheck shell=bash
# The steps of deploy on the machine of whoever runs it. Sourced after remote.sh and port-list.sh.

# The packages that a host has.
HOST_PACKAGES=(livekit-conference livekit-conference-caddy livekit-conference-host livekit-conference-web livekit-server livekit-egress)
# It does without these.
OPTIONAL_PACKAGES=" livekit-conference-web livekit-egress "

# Fills FILES with the newest package of each name in PACKAGES for ARCHITECTURE and one of RELEASES, a host's names of its release.
choose_packages() {
    local architecture="$1" releases="$2" name newest others=""
    FILES=()
    if [[ ! -d "$PACKAGES" ]]; then
        problem "there is no folder $PACKAGES with packages: packaging/build-deb makes them, or --packages FOLDER"
        return 0
    fi
    for name in "${HOST_PACKAGES[@]}"; do
        newest="$(find "$PACKAGES" -maxdepth 1 \( -name "${name}_*_$architecture.deb" -o -name "${name}_*_all.deb" \) | sort -V | tail -n 1)"
        if [[ -z "$newest" ]]; then
            [[ "$OPTIONAL_PACKAGES" == *" $name "* ]] || problem "$PACKAGES has no $name for $architecture: packaging/build-deb makes it"
            continue
        fi
        FILES+=("$newest")
        # livekit-server_1.2.3+noble1_arm64.deb
        if [[ "$newest" =~ \+([a-z]+)[0-9]+(\.[0-9]+)?_[a-z0-9]+\.deb$ && " $releases " != *" ${BASH_REMATCH[1]} "* ]]; then
            others+="${others:+, }${newest##*/}"
        fi
    done
    [[ -z "$others" ]] || problem "the host is ${releases%% *}, and these are made for another release: $others (packaging/build-deb --suite ${releases%% *})"
}

# What packaging/apt-sources says, without its comments.
apt_sources() {
    sed '/^#/d; /^$/d' "${APT_SOURCES:-$ROOT/packaging/apt-sources}"
}

# Reads provision-oci's results, when --name was given.
read_provisioned() {
    local folder="${XDG_CONFIG_HOME:-$HOME/.config}/livekit-conference/$1" file
    for file in host.env s3.env; do
        [[ -r "$folder/$file" ]] || problem "--provisioned $1: $folder/$file can't be read; provision-oci --name $1 makes it"
    done
    [[ -r "$folder/host.env" && -r "$folder/s3.env" ]] || return 0
    ADDRESS="${ADDRESS:-$(sed -n 's/^ADDRESS=//p' "$folder/host.env")}"
    grep '^S3_' "$folder/host.env" >>"$WORK/settings.env"
    cat "$folder/s3.env" >>"$WORK/secrets.env"
}

# The certificate authority that gives certificates which no browser trusts, any number of them.
ACME_STAGING=https://acme-staging-v02.api.letsencrypt.org/directory

# What the environments differ in, all of it in each, so that a host can go from one to another.
environment_settings() {
    local level=debug certificates=acme authority=""
    case "$1" in
        local) certificates=internal ;;
        staging) authority="$ACME_STAGING" ;;
        production) level=info ;;
    esac
    printf '%s\n' "APP_ENV=$1" "LOG_LEVEL=$level" "PROXY_CERTIFICATES=$certificates" "ACME_DIRECTORY=$authority" \
        "MIGRATIONS_DIR=/usr/share/livekit-conference/migrations"
}

# Gathers the settings into WORK/settings.env: what follows from the options first, then --settings, whose word counts.
gather_settings() {
    local file
    : >"$WORK/settings.env"
    (umask 077 && : >"$WORK/secrets.env")
    [[ -z "$ENVIRONMENT" ]] || environment_settings "$ENVIRONMENT" >>"$WORK/settings.env"
    [[ "$ROLE" == all || -z "$MAIN" ]] || gather_from_main
    [[ -z "$DOMAIN" ]] || printf '%s\n' "PUBLIC_URL=https://$DOMAIN" "FRONTEND_URL=https://$DOMAIN" "LIVEKIT_PUBLIC_URL=wss://$DOMAIN" \
        "TRUSTED_PROXIES=127.0.0.1,::1" >>"$WORK/settings.env"
    [[ -z "$PROVISIONED" ]] || read_provisioned "$PROVISIONED"
    [[ -z "$ADDRESS" ]] || printf 'LIVEKIT_NODE_IP=%s\n' "$ADDRESS" >>"$WORK/settings.env"
    for file in "$SETTINGS" "$SECRETS"; do
        [[ -z "$file" || -r "$file" ]] || problem "$file can't be read"
    done
    [[ ! -r "$SETTINGS" ]] || { grep -E '^[A-Z0-9_]+=' "$SETTINGS" >>"$WORK/settings.env" || problem "$SETTINGS has no NAME=value line"; }
    [[ ! -r "$SECRETS" ]] || { grep -E '^[A-Z0-9_]+=' "$SECRETS" >>"$WORK/secrets.env" || problem "$SECRETS has no NAME=value line"; }
    check_settings
}

# Secrets belong into the other file; the last word on a setting is kept.
check_settings() {
    local name
    for name in SESSION_SECRET DATABASE_URL REDIS_URL S3_ACCESS_KEY S3_SECRET_KEY LIVEKIT_API_KEY LIVEKIT_API_SECRET; do
        ! grep -q "^$name=" "$WORK/settings.env" || problem "$name is a secret: give it by --secrets FILE, not among the settings"
    done
    while IFS='=' read -r name _; do
        [[ " SESSION_SECRET DATABASE_URL REDIS_URL S3_ACCESS_KEY S3_SECRET_KEY LIVEKIT_API_KEY LIVEKIT_API_SECRET " == *" $name "* ]] ||
            problem "$name in --secrets is no secret that the program knows"
    done <"$WORK/secrets.env"
    if [[ -n "$SECRETS" && -r "$SECRETS" && -n "$(find "$SECRETS" -perm /077)" ]]; then
        problem "$SECRETS can be read by others: chmod 600 $SECRETS"
    fi
    awk -F= '{ name = $1; last[name] = $0; if (!(name in place)) { place[name] = ++count; names[count] = name } }
        END { for (i = 1; i <= count; i++) print last[names[i]] }' "$WORK/settings.env" >"$WORK/settings.once"
    mv "$WORK/settings.once" "$WORK/settings.env"
}

# Waits until DOMAIN is known to be at ADDRESS.
wait_for_dns() {
    local start=$SECONDS limit=$((WAIT_DNS * 60)) found told=""
    until found="$(resolve "$DOMAIN")" && [[ " $found " == *" $ADDRESS "* ]]; do
        [[ "$CHECK_ONLY" == 0 ]] || { note "would wait: $DOMAIN is ${found:-not known}, not $ADDRESS"; return 0; }
        ((SECONDS - start < limit)) || fail "$DOMAIN does not lead to the host" \
            "it is ${found:-not known}, the host's address is $ADDRESS; waited $WAIT_DNS minutes" \
            "make an A record of $DOMAIN with $ADDRESS where the domain is kept, then run this again (--wait-dns MINUTES waits longer)"
        [[ "$told" == "${found:-nothing}" && $(((SECONDS - start) % 30)) != 0 ]] ||
            note "$DOMAIN is ${found:-not known}; waiting for $ADDRESS ($((SECONDS - start)) s of at most $limit s)"
        told="${found:-nothing}"
        sleep "${DNS_POLL:-5}"
    done
}

# The IPv4 addresses of NAME, separated by spaces; none of a name that isn't known.
resolve() {
    { getent ahostsv4 "$1" || true; } | awk '{ print $1 }' | sort -u | paste -sd ' '
}

# Sends the packages that the host doesn't have.
send_packages() {
    local file digest names=() known
    on_host host_packages
    known="$(printf '%s\n' "${HOST_SAID[@]}")"
    for file in "${FILES[@]}"; do
        digest="$(sha256sum "$file" | cut -d' ' -f1)"
        if [[ "$CHECK_ONLY" == 1 ]]; then
            [[ "$known" == *"$digest  current/${file##*/}"* ]] || changing "install ${file##*/}" || true # only told
            continue
        fi
        names+=("${file##*/}")
        if [[ "$known" != *"$digest  current/${file##*/}"* && "$known" != *"$digest  incoming/${file##*/}"* ]]; then
            note "sending ${file##*/} ($(du -h "$file" | cut -f1))"
            on_host prepare_state
            remote_put "$file" "/var/lib/livekit-conference-deploy/incoming/${file##*/}"
        fi
    done
    [[ "$CHECK_ONLY" == 1 ]] || on_host host_select_packages "${names[@]}"
}

# Sends settings and secrets; each secret becomes a file that root alone reads.
send_settings() {
    local name value
    if [[ "$CHECK_ONLY" == 1 ]]; then
        [[ ! -s "$WORK/settings.env" ]] || on_host host_plan_settings "$(<"$WORK/settings.env")"
        return 0
    fi
    on_host prepare_state
    if [[ -s "$WORK/settings.env" ]]; then remote_put "$WORK/settings.env" /var/lib/livekit-conference-deploy/incoming/settings.env; fi
    while IFS='=' read -r name value; do
        printf '%s' "$value" >"$WORK/secret"
        remote_put "$WORK/secret" "/var/lib/livekit-conference-deploy/incoming/credentials/${name,,}"
        rm -f "$WORK/secret"
    done <"$WORK/secrets.env"
    [[ -z "$ADMIN_PASSWORD" ]] || remote_put "$ADMIN_PASSWORD" /var/lib/livekit-conference-deploy/incoming/admin-password
}
